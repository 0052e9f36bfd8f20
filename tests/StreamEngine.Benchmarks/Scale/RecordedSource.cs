using StreamEngine.Carts;
using StreamEngine.Engine.Sources;

namespace StreamEngine.Benchmarks.Scale;

/// <summary>Hands one worker's share of the partitions out, some hundred records of one after some hundred of another, as fetches of a broker come.</summary>
public sealed class RecordedSource(RecordedClicks clicks, IReadOnlyList<int> shards) : IClickSource
{
    private const int BatchSize = 500;
    private const int FetchBytes = 256;

    private readonly long[] _next = [.. Enumerable.Repeat(-1L, clicks.Partitions)];
    private readonly bool[] _paused = new bool[clicks.Partitions];
    private IShardAssignee? _assignee;
    private bool _isAssigned;
    private int _turn;
    private int _leftOfBatch = BatchSize;

    public void Start(IShardAssignee assignee) => _assignee = assignee;

    public bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        if (!_isAssigned)
        {
            _isAssigned = true;
            _assignee!.OnAssigned(shards);
        }
        for (var tried = 0; tried <= shards.Count; tried++)
        {
            var shard = shards[_turn];
            if (_leftOfBatch > 0 && HasNext(shard))
            {
                record = Take(shard);
                return true;
            }
            (_turn, _leftOfBatch) = ((_turn + 1) % shards.Count, BatchSize);
        }
        record = default;
        return false;
    }

    public void ReadFrom(int shard, long offset) => _next[shard] = Math.Max(0, offset);

    public void Pause(int shard) => _paused[shard] = true;

    public void Resume(int shard) => _paused[shard] = false;

    public long LogEnd(int shard, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        return clicks.Count(shard);
    }

    public long QueryLogEnd(int shard, TimeSpan wait) => clicks.Count(shard);

    public void ReportCommitted(int shard, long nextOffset)
    {
        // Nobody asks.
    }

    public void Dispose()
    {
        // Holds nothing.
    }

    private bool HasNext(int shard) => !_paused[shard] && _next[shard] >= 0 && _next[shard] < clicks.Count(shard);

    private ClickRecord Take(int shard)
    {
        var offset = _next[shard]++;
        _leftOfBatch--;
        if (offset + ClickRecord.AheadRecords + 1 < clicks.Count(shard))
        {
            // As the broker's source does.
            CacheLine.Fetch(in clicks.Key(shard, offset + ClickRecord.AheadRecords + 1)[0], FetchBytes);
        }
        return new ClickRecord
        {
            Shard = shard,
            Offset = offset,
            TimestampMs = clicks.TimeMs(shard, offset),
            Key = clicks.Key(shard, offset),
            Value = clicks.Value(shard, offset),
            AheadShard = shard,
            AheadKey = _leftOfBatch >= ClickRecord.AheadRecords && offset + ClickRecord.AheadRecords < clicks.Count(shard)
                ? clicks.Key(shard, offset + ClickRecord.AheadRecords)
                : default,
        };
    }
}
