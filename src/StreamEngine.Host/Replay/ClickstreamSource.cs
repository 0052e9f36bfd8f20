using StreamEngine.Engine;
using StreamEngine.Engine.Sources;
using StreamEngine.Host.Clickstreams;
using StreamEngine.Kafka;

namespace StreamEngine.Host.Replay;

/// <summary>A recorded clickstream as the engine's source: keys are spread over shards as a producer would, offsets are counted, times are the file's.</summary>
public sealed class ClickstreamSource(ClickstreamFile file, int shardCount) : IClickSource
{
    private readonly long[] _nextOffset = new long[shardCount];
    private readonly bool[] _paused = new bool[shardCount];
    private RawClick _click;
    private int _shard;
    private bool _held;

    /// <summary>All clicks of the file were handed out.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>The newest time in the file so far, Unix ms.</summary>
    public long NewestMs { get; private set; }

    public void Start(IShardAssignee assignee) => assignee.OnAssigned([.. Enumerable.Range(0, shardCount)]);

    public bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        record = default;
        if (!_held)
        {
            if (IsFinished || !file.TryNext(out _click))
            {
                IsFinished = true;
                return false;
            }
            _shard = Murmur2.Partition(_click.Key, shardCount);
        }
        // The file has one order: a full shard holds the others up too.
        _held = _paused[_shard];
        if (_held)
        {
            return false;
        }
        NewestMs = Math.Max(NewestMs, _click.TimeMs);
        record.Shard = _shard;
        record.Offset = _nextOffset[_shard]++;
        record.TimestampMs = _click.TimeMs;
        record.IsLogAppendTime = true;
        record.Key = _click.Key;
        record.Value = _click.Value.Span;
        return true;
    }

    /// <exception cref="EngineFatalException">The shard wants to go back: a file is read once.</exception>
    public void ReadFrom(int shard, long offset)
    {
        if (Math.Max(0, offset) != _nextOffset[shard])
        {
            throw new EngineFatalException($"Shard {shard} of the replay failed after click {offset} of {_nextOffset[shard]}; the log says why. Start the replay again.");
        }
    }

    public void Pause(int shard) => _paused[shard] = true;

    public void Resume(int shard) => _paused[shard] = false;

    public long LogEnd(int shard, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        return -1;
    }

    public long QueryLogEnd(int shard, TimeSpan wait) => -1;

    public void ReportCommitted(int shard, long nextOffset)
    {
    }

    public void Dispose() => file.Dispose();
}
