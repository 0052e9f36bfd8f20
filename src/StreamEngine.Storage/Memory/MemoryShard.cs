using StreamEngine.Carts;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Memory;

/// <summary>One shard of a <see cref="MemoryShardStore"/>, under its lock.</summary>
internal sealed class MemoryShard(int shard)
{
    /// <summary>Oldest first: sequences only rise, and segments are dropped from the oldest end.</summary>
    private readonly Queue<(long Seq, byte[] Bytes)> _segments = [];
    private readonly SortedDictionary<(long HourMs, string Metric, string Currency), long> _kpis = [];
    private string _owner = "";
    private readonly List<OperatorNote> _notes = [];
    private long _nextOffset = -1;
    private long _lastRecordMs;
    private long _shardTimeMs;
    private long _actionSeq;
    private long _publishedSeq;

    public long Epoch { get; private set; }
    public long CommitSeq { get; private set; }
    public List<ActionRow> Actions { get; } = [];
    public Dictionary<(long StartedMs, Utf8Text Visitor), CartRow> Carts { get; } = [];
    public SortedDictionary<long, DeadLetterRow> DeadLetters { get; } = [];

    public ShardLease TakeOver(string owner)
    {
        Epoch++;
        _owner = owner;
        return new ShardLease(
            shard, owner, Epoch, CommitSeq, _nextOffset, _shardTimeMs, _actionSeq, _publishedSeq,
            [.. _segments.Select(segment => new SegmentInfo(segment.Seq, segment.Bytes.Length))])
        {
            LastRecordMs = _lastRecordMs,
        };
    }

    public ShardRecord Record() => new(
        shard, _owner, Epoch, TakenMs: 0, CommitSeq, _nextOffset, _lastRecordMs, _shardTimeMs, _actionSeq, _publishedSeq,
        _segments.Count, _segments.Sum(segment => (long)segment.Bytes.Length), [.. _notes]);

    public void Repair(string store, ShardRepair repair)
    {
        if (repair.Epoch != Epoch) throw Fences.Moved(store, shard, repair.Epoch, Epoch, _owner);
        _notes.Add(new OperatorNote(repair.AtMs, repair.By, repair.Kind, _nextOffset, repair.NextOffset, repair.Reason));
        Epoch++;
        (_owner, _nextOffset, _lastRecordMs) = ("", repair.NextOffset, 0);
        if (repair.Kind != RepairKind.Forget) return;
        _shardTimeMs = 0;
        _segments.Clear();
        Carts.Clear();
        DeadLetters.Clear();
    }

    public byte[][] Segments() => [.. _segments.Select(segment => segment.Bytes)];

    public KpiDelta[] Kpis() => [.. _kpis.Select(kpi => new KpiDelta(kpi.Key.HourMs, kpi.Key.Metric, kpi.Key.Currency, kpi.Value))];

    /// <returns>Null, or why this commit may not be written.</returns>
    public string? TryAdvance(ShardCommit commit)
    {
        if (commit.Epoch != Epoch || commit.CommitSeq != CommitSeq + 1 || !string.Equals(commit.Owner, _owner, StringComparison.Ordinal))
            return Fences.Elsewhere(commit, Epoch, _owner, CommitSeq);
        CommitSeq = commit.CommitSeq;
        _nextOffset = commit.NextOffset;
        _lastRecordMs = commit.LastRecordMs;
        _shardTimeMs = commit.ShardTimeMs;
        _actionSeq = commit.ActionSeq;
        _publishedSeq = commit.PublishedSeq;
        return null;
    }

    public void Keep(ShardCommit commit)
    {
        while (_segments.TryPeek(out var oldest) && oldest.Seq < commit.DropSegmentsBelow) _segments.Dequeue();
        // Copied: the worker uses its buffer again.
        if (commit.Segment.WrittenCount > 0) _segments.Enqueue((commit.CommitSeq, commit.Segment.WrittenSpan.ToArray()));
        foreach (var row in commit.Carts) Carts[(row.StartedMs, row.Visitor)] = row;
        foreach (var row in commit.Actions) Actions.Add(row.Kept());
        foreach (var row in commit.Kpis)
        {
            var key = (row.HourMs, row.Metric, row.Currency);
            _kpis[key] = _kpis.GetValueOrDefault(key) + row.Amount;
        }
        foreach (var row in commit.DeadLetters) DeadLetters.TryAdd(row.Offset, row);
    }
}
