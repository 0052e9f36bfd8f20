using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Latency;

/// <summary>A stretch of the load at one rate.</summary>
/// <param name="FirstClick">Of the whole load's.</param>
/// <param name="Clicks">How many it has.</param>
/// <param name="Rate">Clicks a second; a click is due at its own instant, whether or not anybody keeps up.</param>
/// <param name="WarmUp">Clicks at its beginning that are not measured: the part before it may still be in the way.</param>
public sealed record LoadPart(long FirstClick, long Clicks, double Rate, long WarmUp)
{
    /// <summary>Of clicks that asked: from when they were due until their answer was read from Kafka, ms.</summary>
    public Latencies Latencies { get; } = new();

    public long StartTimestamp { get; } = TimeProvider.System.GetTimestamp();

    public bool Has(long click) => click >= FirstClick && click < FirstClick + Clicks;

    public bool IsMeasured(long click) => click >= FirstClick + WarmUp;

    public double SinceDueMs(long click, long timestamp) =>
        TimeProvider.System.GetElapsedTime(StartTimestamp, timestamp).TotalMilliseconds - (click - FirstClick) * 1000 / Rate;
}
