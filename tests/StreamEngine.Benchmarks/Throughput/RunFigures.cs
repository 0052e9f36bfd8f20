using System.Text.Json.Serialization;
using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>What one run came to, as its process told it. Times run from the first click until the last is handled, committed and published.</summary>
public sealed record RunFigures
{
    public required long Clicks { get; init; }
    public required double Seconds { get; init; }

    /// <summary>User and system time of the whole process, the Kafka client's threads included.</summary>
    public required double CpuSeconds { get; init; }
    public required long AllocatedBytes { get; init; }
    public required double GcPauseMs { get; init; }

    /// <summary>By generation: 0, 1, 2.</summary>
    public required IReadOnlyList<int> Collections { get; init; }
    public required long PeakMemoryBytes { get; init; }

    /// <summary>What the process had written to the disk, by the kernel's count; -1 where it does not count.</summary>
    public required long WrittenBytes { get; init; }
    public CommitFigures? Commits { get; init; }

    /// <summary>Where the results differ from what the generator knows, a sentence each. A run with one has no speed.</summary>
    public required IReadOnlyList<string> Mistakes { get; init; }

    /// <summary>Of a run that ends now. What the check finds later is among the mistakes too.</summary>
    public static RunFigures Of(ProcessMeter meter, long clicks, ResultCheck check) => new()
    {
        Clicks = clicks,
        Seconds = meter.Seconds,
        CpuSeconds = meter.CpuSeconds,
        AllocatedBytes = meter.AllocatedBytes,
        GcPauseMs = meter.GcPauseMs,
        Collections = meter.Collections,
        WrittenBytes = meter.WrittenBytes,
        PeakMemoryBytes = ProcessMeter.PeakMemoryBytes,
        Mistakes = check.Mistakes,
    };

    [JsonIgnore]
    public double ClicksPerSecond => Clicks / Seconds;

    [JsonIgnore]
    public double CpuMicros => CpuSeconds * 1e6 / Clicks;

    [JsonIgnore]
    public double BytesPerClick => (double)AllocatedBytes / Clicks;

    [JsonIgnore]
    public double WrittenPerClick => (double)WrittenBytes / Clicks;
}

/// <param name="Count">Transactions, each of one worker's shards.</param>
/// <param name="P50Ms">From handing over to the store until it is durable.</param>
/// <param name="SegmentBytes">Of all commits.</param>
public sealed record CommitFigures(long Count, double P50Ms, double P99Ms, double MaxMs, long SegmentBytes, long Actions)
{
    public double KilobytesEach => Count == 0 ? 0 : SegmentBytes / 1024.0 / Count;
}
