namespace StreamEngine.Host.Nodes;

/// <summary>
/// A wall clock that starts at a given instant and runs faster than the real one: an hour of shopping in a minute. Only the wall clock:
/// timestamps, which measure how long work takes, stay real.
/// </summary>
public sealed class SpeedTime(DateTimeOffset start, double speed) : TimeProvider
{
    private readonly long _startTimestamp = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(_startTimestamp) * speed;
}
