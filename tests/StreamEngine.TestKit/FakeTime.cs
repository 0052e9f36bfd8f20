namespace StreamEngine.TestKit;

/// <summary>A clock that moves when the test moves it. Wall and monotonic time advance together; <see cref="JumpWall"/> sets the wall clock alone, as an operator would.</summary>
public sealed class FakeTime : TimeProvider
{
    /// <summary>2026-03-02 10:00 UTC, a Monday.</summary>
    public const long StartMs = 1_772_445_600_000;

    private long _wallMs = StartMs;
    private long _timestamp = TimeSpan.TicksPerSecond;

    public long NowMs => _wallMs;

    /// <summary>What the wall clock would show had it never jumped, Unix ms.</summary>
    public long TrueMs => StartMs + (_timestamp - TimeSpan.TicksPerSecond) / TimeSpan.TicksPerMillisecond;

    /// <summary>Each look at the monotonic clock moves it on so far: for loops that only time can end.</summary>
    public TimeSpan AdvancePerLook { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(_wallMs);

    public override long GetTimestamp()
    {
        if (AdvancePerLook > TimeSpan.Zero)
        {
            Advance((long)AdvancePerLook.TotalMilliseconds);
        }
        return _timestamp;
    }

    public void Advance(long ms)
    {
        _wallMs += ms;
        _timestamp += ms * TimeSpan.TicksPerMillisecond;
    }

    public void JumpWall(long ms) => _wallMs += ms;
}
