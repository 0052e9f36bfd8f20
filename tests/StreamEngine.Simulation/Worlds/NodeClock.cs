namespace StreamEngine.Simulation.Worlds;

/// <summary>One node's clocks: the monotonic one is true, the wall clock may be wrong.</summary>
public sealed class NodeClock(World world) : TimeProvider
{
    private const long WaitMs = 50;

    /// <summary>How far the wall clock is ahead of true time.</summary>
    public long ErrorMs { get; set; }

    /// <summary>A worker waits inside a call until something is done or its time is up: only looking at the clock makes time pass then.</summary>
    public bool IsWaitedFor { get; set; }

    public long WallMs => world.NowMs + ErrorMs;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(WallMs);

    public override long GetTimestamp()
    {
        if (IsWaitedFor)
        {
            world.Wait(WaitMs);
        }
        return world.NowMs * TimeSpan.TicksPerMillisecond;
    }
}
