using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

/// <summary>Held back as expired is only what was too late by the node's clock when its commit was handed over, and nothing where lateness is not judged.</summary>
public static class LatenessCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            foreach (var commit in evidence.Of(shard).OfType<Written>())
            {
                foreach (var row in commit.Actions.Where(row => row.Held is "Expired" && (row.ExpiresMs >= commit.SubmittedWallMs || !evidence.Plan.Cluster.Engine.ExpireOverdue)))
                {
                    yield return (commit.AtMs, $"{row.Tactic} for {row.Visitor} was held back as expired at {commit.SubmittedWallMs}, though of use until {row.ExpiresMs}");
                }
            }
        }
    }
}
