namespace StreamEngine.Benchmarks.Hostile;

/// <param name="Rate">Clicks of the shop's visitors a second; one in five asks for a prompt.</param>
/// <param name="CrawlRate">New visitors a second, of one click each.</param>
/// <param name="Rounds">How often the quiet and the hostile part alternate.</param>
public sealed record HostilePlan(int Rate, int CrawlRate, int Rounds, TimeSpan Part, int Shards, int Workers)
{
    public const int ClicksPerVisitor = 5;

    /// <summary>Malformed records among all, in percent.</summary>
    public const int MalformedPercent = 1;

    /// <summary>Of each part, so much is not measured: the other part's work is still under way.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Visitors who only browse, at most: small enough for the crawl to reach it.</summary>
    public const int BrowsersMax = 50_000;

    /// <summary>Of one visitor: as many as of all others together.</summary>
    public int HotRate => Rate + CrawlRate;

    public int MalformedRate => (Rate + CrawlRate + HotRate) * MalformedPercent / 100;

    /// <summary>Even parts are quiet.</summary>
    public int Parts => 2 * Rounds;

    public int ClicksPerPart => (int)(Rate * Part.TotalSeconds) / ClicksPerVisitor * ClicksPerVisitor;

    /// <summary>
    /// The written bound of resident memory: the runtime with its clients and their queues for each worker, dead letters for each shard, browsers, and sessions that are
    /// remembered, here one for each prompt.
    /// </summary>
    public long MemoryBytesMax =>
        150_000_000L + Workers * (32_000_000L + 64_000_000L) + Shards * (16L << 20) + BrowsersMax * 400L + 1_000L * Parts * ClicksPerPart / ClicksPerVisitor;
}
