using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

/// <summary>One epoch commits at a time: only the newest, only its owner, one commit after the other.</summary>
public static class EpochCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            var (epoch, owner, seq) = (0L, "", 0L);
            foreach (var entry in evidence.Of(shard))
            {
                switch (entry)
                {
                    case TakenOver taken:
                        if (taken.Epoch <= epoch)
                        {
                            yield return (taken.AtMs, $"shard {shard}: epoch {taken.Epoch} after epoch {epoch}");
                        }
                        if (taken.CommitSeq != seq)
                        {
                            yield return (taken.AtMs, $"shard {shard}: epoch {taken.Epoch} begins after commit {taken.CommitSeq}, the last was {seq}");
                        }
                        (epoch, owner) = (taken.Epoch, taken.Process);
                        break;
                    case Written commit:
                        if (commit.Epoch != epoch || !string.Equals(commit.Process, owner, StringComparison.Ordinal))
                        {
                            yield return (commit.AtMs, $"shard {shard}: {commit.Process} wrote commit {commit.Seq} in epoch {commit.Epoch}; {owner} has the shard in epoch {epoch}");
                        }
                        if (commit.Seq != seq + 1)
                        {
                            yield return (commit.AtMs, $"shard {shard}: commit {commit.Seq} was written after commit {seq}");
                        }
                        seq = commit.Seq;
                        break;
                }
            }
        }
    }
}
