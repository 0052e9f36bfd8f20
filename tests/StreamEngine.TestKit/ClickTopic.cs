namespace StreamEngine.TestKit;

public sealed record ClickEntry(long Offset, long TimestampMs, bool IsLogAppendTime, byte[] Key, byte[] Value);

/// <summary>The clicks as the broker has them: survives every crash of the engine.</summary>
public sealed class ClickTopic(int partitions)
{
    private readonly List<ClickEntry>[] _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new List<ClickEntry>())];

    private readonly int[] _marks = new int[partitions];

    public int PartitionCount => _partitions.Length;

    public IReadOnlyList<ClickEntry> this[int partition] => _partitions[partition];

    public long End(int partition) => _marks[partition] + (_partitions[partition].Count == 0 ? 0 : _partitions[partition][^1].Offset + 1);

    /// <summary>The log ends with so many offsets that are no records, as after a transaction.</summary>
    public void Mark(int partition, int offsets) => _marks[partition] += offsets;

    /// <param name="skip">Offsets left out before this one, as compaction and transactions do.</param>
    /// <returns>The record's offset.</returns>
    public long Append(int partition, byte[] key, byte[] value, long timestampMs, bool isLogAppendTime = true, int skip = 0)
    {
        var offset = End(partition) + skip;
        _marks[partition] = 0;
        _partitions[partition].Add(new ClickEntry(offset, timestampMs, isLogAppendTime, key, value));
        return offset;
    }

    /// <summary>The topic was deleted and made anew: offsets begin at 0 again.</summary>
    public void MakeAnew(int partition) => _partitions[partition].Clear();

    /// <summary>The broker's retention: records below the offset are gone. The last one stays, so that the log goes on where it was.</summary>
    public void Forget(int partition, long below)
    {
        var entries = _partitions[partition];
        entries.RemoveRange(0, Math.Min(entries.Count(entry => entry.Offset < below), Math.Max(0, entries.Count - 1)));
    }
}
