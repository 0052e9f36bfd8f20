using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

/// <summary>
/// Committed offsets never go back and step over no record that the worker has not been handed: since it last asked for records from there on, for what it was handed before it has
/// dropped.
/// </summary>
public static class OffsetCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            long[] offsets = [.. evidence.Topic(shard).Select(entry => entry.Offset)];
            Dictionary<string, SortedSet<long>> handed = new(StringComparer.Ordinal);
            var committed = -1L;
            var next = 0;
            foreach (var entry in evidence.Of(shard))
            {
                switch (entry)
                {
                    case TakenOver taken when taken.NextOffset != committed:
                        yield return (taken.AtMs, $"shard {shard}: {taken.Process} goes on at offset {taken.NextOffset}, the last commit is at {committed}");
                        break;
                    case Placed placed:
                        HandedTo(placed.Process).RemoveWhere(offset => offset >= placed.Offset);
                        break;
                    case Handed read:
                        HandedTo(read.Process).Add(read.Offset);
                        break;
                    case Written commit:
                        if (commit.NextOffset < committed)
                        {
                            yield return (commit.AtMs, $"shard {shard}: commit {commit.Seq} goes back from offset {committed} to {commit.NextOffset}");
                        }
                        for (; next < offsets.Length && offsets[next] < commit.NextOffset; next++)
                        {
                            if (!HandedTo(commit.Process).Contains(offsets[next]))
                            {
                                yield return (commit.AtMs, $"shard {shard}: commit {commit.Seq} of {commit.Process} steps over offset {offsets[next]}, which it was not handed");
                            }
                        }
                        committed = Math.Max(committed, commit.NextOffset);
                        break;
                }
            }

            SortedSet<long> HandedTo(string process) => handed.TryGetValue(process, out var offsetsOf) ? offsetsOf : handed[process] = [];
        }
    }
}
