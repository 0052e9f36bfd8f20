using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

/// <summary>No decision before it was due, in shard time or in true time; none twice, under the same id or another.</summary>
public static class DeadlineCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            HashSet<string> ids = new(StringComparer.Ordinal);
            HashSet<(string Visitor, int Episode, string Tactic, long DueMs)> moments = [];
            foreach (var commit in evidence.Of(shard).OfType<Written>())
            {
                foreach (var row in commit.Actions)
                {
                    if (row.DueMs > row.DecidedMs || row.DueMs > commit.SubmittedMs)
                    {
                        yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was due at {row.DueMs} and decided early: in shard time at {row.DecidedMs}, handed to the store at {commit.SubmittedMs}");
                    }
                    if (row.DecidedMs > commit.ShardTimeMs)
                    {
                        yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was decided at {row.DecidedMs}, after the shard time {commit.ShardTimeMs} of its commit");
                    }
                    if (!ids.Add(row.Id))
                    {
                        yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was committed twice under the id {row.Id}");
                    }
                    else if (!moments.Add((row.Visitor, row.Episode, row.Tactic, row.DueMs)))
                    {
                        yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor}, due at {row.DueMs}, was decided twice under different ids");
                    }
                }
            }
        }
    }
}
