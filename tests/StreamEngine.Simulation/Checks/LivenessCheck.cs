using StreamEngine.Simulation.Runs;

namespace StreamEngine.Simulation.Checks;

/// <summary>When the faults are over, everything is read and committed within <see cref="Plan.LivenessMs"/>, and every shard has one reader. That all decisions are made and published is for others to check.</summary>
public static class LivenessCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        var endMs = evidence.Plan.EndMs;
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            var reached = Math.Max(0, evidence.Cluster.Database.Memory.TakeOver(shard, "reader").NextOffset);
            if (reached != evidence.Cluster.Broker.Clicks.End(shard))
            {
                yield return (endMs, $"shard {shard} is committed up to offset {reached}; its log ends at {evidence.Cluster.Broker.Clicks.End(shard)}");
            }
            var readers = evidence.Cluster.Workers.Count(worker => worker.Source.Reads(shard));
            if (readers != 1)
            {
                yield return (endMs, $"shard {shard} has {readers} readers");
            }
        }
        foreach (var worker in evidence.Cluster.Workers)
        {
            foreach (var (shard, reason) in worker.Engine.Stats.Stopped)
            {
                yield return (endMs, $"{worker.Life}: shard {shard} stands still: {reason}");
            }
        }
    }
}
