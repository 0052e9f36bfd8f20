using StreamEngine.Carts.Tactics;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

/// <summary>
/// No decision before it was due, in shard time or in true time; none twice, under the same id or another. Where clocks are wrong, true time means the latest time that any of them
/// has shown; and where they are wild, a click may be decided about twice because it seems to be of another time.
/// </summary>
public static class DeadlineCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        var clocks = evidence.Plan.Cluster.Clocks;
        // Two clicks of one instant may each be decided about.
        var timed = evidence.Plan.Cluster.Tactics.Tactics.Where(tactic => tactic.On.Kind is TriggerKind.PageDwell or TriggerKind.Abandoned).Select(tactic => tactic.Name).ToHashSet(StringComparer.Ordinal);
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            HashSet<string> ids = new(StringComparer.Ordinal);
            HashSet<(string Visitor, int Episode, string Tactic, long DueMs)> moments = [];
            foreach (var commit in evidence.Of(shard).OfType<Written>())
            {
                foreach (var row in commit.Actions)
                {
                    var knownMs = clocks == Clocks.Right ? commit.SubmittedMs : Math.Max(commit.SubmittedMs, commit.LatestShownMs);
                    if (row.DueMs > row.DecidedMs || row.DueMs > knownMs)
                    {
                        yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was due at {row.DueMs} and decided early: in shard time at {row.DecidedMs}, handed to the store at {knownMs}");
                    }
                    // A clock that is behind makes clicks be ahead of the shard.
                    if (row.DecidedMs > commit.ShardTimeMs && clocks == Clocks.Right)
                    {
                        yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was decided at {row.DecidedMs}, after the shard time {commit.ShardTimeMs} of its commit");
                    }
                    if (!ids.Add(row.Id.ToString()))
                    {
                        yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was committed twice under the id {row.Id}");
                    }
                    else if (timed.Contains(row.Tactic) && !moments.Add((row.Visitor.ToString(), row.Episode, row.Tactic, row.DueMs)) && clocks != Clocks.Wild)
                    {
                        yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor}, due at {row.DueMs}, was decided twice under different ids");
                    }
                }
            }
        }
    }
}
