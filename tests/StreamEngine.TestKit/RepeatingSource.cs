using StreamEngine.Engine.Sources;

namespace StreamEngine.TestKit;

/// <summary>One shard with the same visitors' same clicks over and over, each at the present instant; as many a turn of the loop as it asks for. Allocates nothing once it runs.</summary>
public sealed class RepeatingSource(FakeTime time, byte[][] keys, byte[][] values) : IClickSource
{
    private IShardAssignee? _assignee;
    private bool _isAssigned;
    private long _next = -1;

    public long Records { get; private set; }

    public void Start(IShardAssignee assignee) => _assignee = assignee;

    public bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        record = default;
        if (!_isAssigned)
        {
            _isAssigned = true;
            _assignee!.OnAssigned([0]);
        }
        if (_next < 0)
        {
            return false;
        }
        // A visitor makes all clicks before the next one's turn.
        var (key, value) = (_next / values.Length % keys.Length, _next % values.Length);
        record = new ClickRecord { Offset = _next++, TimestampMs = time.NowMs, IsLogAppendTime = true, Key = keys[key], Value = values[value] };
        Records++;
        return true;
    }

    public void ReadFrom(int shard, long offset) => _next = Math.Max(0, offset);

    public void Pause(int shard) => throw new InvalidOperationException("Nothing is to hold this shard up.");

    public void Resume(int shard)
    {
        // It was never paused.
    }

    public long LogEnd(int shard, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        return _next;
    }

    public long QueryLogEnd(int shard, TimeSpan wait) => _next;

    public void ReportCommitted(int shard, long nextOffset)
    {
        // Nobody asks.
    }

    public void Dispose()
    {
        // Holds nothing.
    }
}
