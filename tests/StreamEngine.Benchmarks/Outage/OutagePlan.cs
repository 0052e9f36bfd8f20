namespace StreamEngine.Benchmarks.Outage;

/// <param name="Sessions">Visitors who left a cart before the outage.</param>
/// <param name="Rate">Clicks of new visitors a second.</param>
/// <param name="QuietSeconds">How long the quiet run takes; the drain takes as long as it takes.</param>
/// <param name="Shards">Partitions.</param>
/// <param name="Workers">Worker threads; 0 for one per core.</param>
/// <param name="DeadlinesUncommittedMax">The engine's setting of that name.</param>
/// <param name="Folder">Where the database lies; null for a temporary folder.</param>
public sealed record OutagePlan(int Sessions, int Rate, int QuietSeconds, int Shards, int Workers, int DeadlinesUncommittedMax, string? Folder)
{
    public static readonly TimeSpan Down = TimeSpan.FromHours(8);
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan StageMax = TimeSpan.FromMinutes(10);

    public int Buyers => Enumerable.Range(0, Sessions).Count(OutageShop.Buys);

    /// <summary>Everybody who did not buy.</summary>
    public int Reminders => Sessions - Buyers;
}
