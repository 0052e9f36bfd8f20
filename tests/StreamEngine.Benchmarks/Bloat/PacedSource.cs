using StreamEngine.Engine;
using StreamEngine.Engine.Sources;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Bloat;

/// <summary>Generated shoppers as one worker's source, at the pace of a wall clock: a click is there when its time has come.</summary>
public sealed class PacedSource(ShopperOptions options, IReadOnlyList<int> shards, TimeProvider time) : IClickSource
{
    private readonly ShopperStream _stream = new(options);
    private readonly Dictionary<int, long> _nextOffset = shards.ToDictionary(static shard => shard, static _ => 0L);
    private readonly HashSet<int> _paused = [];

    /// <summary>Not opened yet. There is one order: such a shard holds the others up.</summary>
    private readonly HashSet<int> _silent = [.. shards];
    private Host.Clickstreams.RawClick _click;
    private int _shard;
    private bool _isHeld;

    public void Start(IShardAssignee assignee) => assignee.OnAssigned(shards);

    public bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        record = default;
        if (!_isHeld)
        {
            _stream.TryNext(out _click);
            _shard = shards[Murmur2.Partition(_click.Key, shards.Count)];
            _isHeld = true;
        }
        if (_silent.Contains(_shard) || _paused.Contains(_shard) || _click.TimeMs > time.GetUtcNow().ToUnixTimeMilliseconds())
        {
            return false;
        }
        _isHeld = false;
        record.Shard = _shard;
        record.Offset = _nextOffset[_shard]++;
        record.TimestampMs = _click.TimeMs;
        record.IsLogAppendTime = true;
        record.Key = _click.Key;
        record.Value = _click.Value.Span;
        return true;
    }

    /// <exception cref="EngineFatalException">The shard wants to go back: what was generated is gone.</exception>
    public void ReadFrom(int shard, long offset)
    {
        if (Math.Max(0, offset) != _nextOffset[shard])
        {
            throw new EngineFatalException($"Shard {shard} was read back at {offset} instead of {_nextOffset[shard]}: a commit failed, and this measurement is void.");
        }
        _silent.Remove(shard);
    }

    public void Pause(int shard) => _paused.Add(shard);

    public void Resume(int shard) => _paused.Remove(shard);

    public long LogEnd(int shard, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        return _nextOffset[shard];
    }

    public long QueryLogEnd(int shard, TimeSpan wait) => _nextOffset[shard];

    public void ReportCommitted(int shard, long nextOffset)
    {
    }

    public void Dispose() => _stream.Dispose();
}
