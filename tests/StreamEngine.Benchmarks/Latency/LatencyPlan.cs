namespace StreamEngine.Benchmarks.Latency;

/// <param name="Percents">Loads to measure, in percent of the highest.</param>
/// <param name="Seconds">Length of each load.</param>
/// <param name="Rounds">How often engine and echo alternate.</param>
/// <param name="Workers">Of the engine.</param>
public sealed record LatencyPlan(IReadOnlyList<int> Percents, int Seconds, int Rounds, int Workers)
{
    public const int Partitions = 8;

    /// <summary>Visitors at a time, and clicks of each.</summary>
    public const int Places = 20_000;
    public const int ClicksPerVisit = 20;

    /// <summary>While the highest load is looked for: enough for no part of the way to run dry, 40,000 clicks.</summary>
    public const int UnansweredMax = 2_000;

    /// <summary>Of a load, not measured.</summary>
    public const double WarmUpSeconds = 2;

    /// <summary>How long the flood takes that looks for the highest load. Its first part is for compilers and caches.</summary>
    public static readonly TimeSpan FloodWarmUp = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan FloodMeasured = TimeSpan.FromSeconds(8);
}
