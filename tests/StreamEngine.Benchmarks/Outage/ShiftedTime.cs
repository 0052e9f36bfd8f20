namespace StreamEngine.Benchmarks.Outage;

/// <summary>A wall clock that is off by a fixed span: yesterday's shop today. Timestamps, which measure how long work takes, are real.</summary>
public sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public long NowMs => GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
