using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Memory;

/// <summary>One shard of a <see cref="MemoryShardStore"/>, under its lock.</summary>
internal sealed class MemoryShard(int shard)
{
    private readonly SortedDictionary<long, byte[]> _segments = [];
    private readonly HashSet<string> _actionIds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(long HourMs, string Metric, string Currency), long> _kpis = [];
    private string _owner = "";
    private long _nextOffset = -1;
    private long _shardTimeMs;
    private long _actionSeq;
    private long _publishedSeq;

    public long Epoch { get; private set; }
    public long CommitSeq { get; private set; }
    public List<ActionRow> Actions { get; } = [];
    public Dictionary<string, CartRow> Carts { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<long, DeadLetterRow> DeadLetters { get; } = [];

    public ShardLease TakeOver(string owner)
    {
        Epoch++;
        _owner = owner;
        return new ShardLease(
            shard, owner, Epoch, CommitSeq, _nextOffset, _shardTimeMs, _actionSeq, _publishedSeq,
            [.. _segments.Select(segment => new SegmentInfo(segment.Key, segment.Value.Length))]);
    }

    public byte[][] Segments() => [.. _segments.Values];

    public KpiDelta[] Kpis() => [.. _kpis.Select(kpi => new KpiDelta(kpi.Key.HourMs, kpi.Key.Metric, kpi.Key.Currency, kpi.Value))];

    /// <returns>Null, or why this commit may not be written.</returns>
    public string? TryAdvance(ShardCommit commit)
    {
        if (commit.Epoch != Epoch || commit.CommitSeq != CommitSeq + 1 || !string.Equals(commit.Owner, _owner, StringComparison.Ordinal))
            return Fences.Elsewhere(commit, Epoch, _owner, CommitSeq);
        CommitSeq = commit.CommitSeq;
        _nextOffset = commit.NextOffset;
        _shardTimeMs = commit.ShardTimeMs;
        _actionSeq = commit.ActionSeq;
        _publishedSeq = commit.PublishedSeq;
        return null;
    }

    public void Keep(ShardCommit commit)
    {
        // Dropped segments lie at the front: the worker's log is cleaned from its oldest end.
        while (commit.DropSegmentsBelow > 0 && _segments.Count > 0 && _segments.First().Key is var oldest && oldest < commit.DropSegmentsBelow) _segments.Remove(oldest);
        // Copied: the worker uses its buffer again.
        if (commit.Segment.WrittenCount > 0) _segments.Add(commit.CommitSeq, commit.Segment.WrittenSpan.ToArray());
        foreach (var row in commit.Carts) Carts[row.Visitor] = row;
        foreach (var row in commit.Actions)
        {
            if (_actionIds.Add(row.Id)) Actions.Add(row);
        }
        foreach (var row in commit.Kpis)
        {
            var key = (row.HourMs, row.Metric, row.Currency);
            _kpis[key] = _kpis.GetValueOrDefault(key) + row.Amount;
        }
        foreach (var row in commit.DeadLetters) DeadLetters.TryAdd(row.Offset, row);
    }
}
