using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

/// <summary>
/// Held back as expired is only what was too late by the node's clock when its commit was handed over, and nothing where lateness is not judged. Sent is nothing that was too late before
/// its shard was even taken over by who decided.
/// </summary>
public static class LatenessCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            var takenMs = 0L;
            foreach (var entry in evidence.Of(shard))
            {
                takenMs = entry is TakenOver ? entry.AtMs : takenMs;
                if (entry is not Written commit)
                {
                    continue;
                }
                foreach (var row in commit.Actions.Where(row => row.Held is null && row.ExpiresMs > 0 && row.ExpiresMs < takenMs && evidence.Plan.Cluster.Engine.ExpireOverdue))
                {
                    yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was sent, though of use until {row.ExpiresMs} only and decided after {takenMs}");
                }
                foreach (var row in commit.Actions.Where(row => row.Held is "Expired" && (row.ExpiresMs >= commit.SubmittedWallMs || !evidence.Plan.Cluster.Engine.ExpireOverdue)))
                {
                    yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was held back as expired at {commit.SubmittedWallMs}, though of use until {row.ExpiresMs}");
                }
            }
        }
    }
}
