using System.Text;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>A crawler that is a new visitor with every click. Measured on the whole heap, so nothing else may run beside.</summary>
[CollectionDefinition(nameof(CrawlTests), DisableParallelization = true)]
[Collection(nameof(CrawlTests))]
public sealed class CrawlTests(ITestOutputHelper output)
{
    private const int Visitors = 1_000_000;
    private const int Browsers = 50_000;

    /// <summary>400 B a resident browser, and what the topic's few records, the tables' spare room and the runtime need.</summary>
    private const long BytesMax = Browsers * 400L + 12_000_000;

    [Fact]
    public void A_million_visitors_with_one_click_each_stay_within_the_bound_and_carts_survive_them()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, BrowsersMax = Browsers } });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var page = ClickJson.Page("home");
        for (var i = 0; i < Visitors; i++)
        {
            driver.Feed($"9cbc525f-737e-48c8-a83b-{i:x12}", page);
            if (i % 10_000 == 9_999)
            {
                driver.Settle();
                driver.Topic.Forget(0, driver.Store.Seen[^1].NextOffset);
                driver.Time.Advance(600);
            }
        }
        driver.Settle();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{bytes / 1e6:F1} MB, {bytes / Browsers} B a browser");
        var stats = Assert.Single(driver.Worker.Stats.Shards);
        Assert.Equal(Browsers, stats.Sessions(CartPhase.Browsing));
        Assert.Equal(Visitors - Browsers, stats.BrowsersDropped);
        Assert.InRange(bytes, Browsers * 100L, BytesMax);
        driver.Advance(90 * 60_000, stepMs: 60_000);
        Assert.Equal(["cart_abandoned", TestTactics.Email1H], driver.Decisions, StringComparer.Ordinal);
        Assert.Equal(0, stats.Sessions(CartPhase.Browsing));
    }

    [Fact]
    public void Open_shards_share_the_bound_of_the_node_evenly()
    {
        using var driver = new ShardDriver(new DriverOptions
        {
            Shards = 4,
            StartsAssigned = false,
            Engine = new EngineOptions { Workers = 2, LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, BrowsersMax = 80 },
        });
        driver.Source.Assign(0, 1);
        driver.Settle();
        Crawl(driver, 0);
        Crawl(driver, 1);
        Assert.Equal(40, Browsing(driver));
        driver.Source.Assign(2, 3);
        driver.Settle();
        for (var shard = 0; shard < 4; shard++)
        {
            Crawl(driver, shard);
        }
        Assert.Equal(40, Browsing(driver));
        driver.Source.Revoke(1, 2, 3);
        driver.Settle();
        Crawl(driver, 0);
        Assert.Equal(40, Browsing(driver));
    }

    private static long Browsing(ShardDriver driver) => driver.Worker.Stats.Shards.Sum(static s => s.Sessions(CartPhase.Browsing));

    private static void Crawl(ShardDriver driver, int shard)
    {
        for (var i = 0; i < 100; i++)
        {
            driver.Topic.Append(shard, Encoding.UTF8.GetBytes($"crawler {driver.Topic.End(shard)}"), ClickJson.Page("home"), driver.Time.NowMs);
        }
        driver.Settle();
    }
}
