using System.Globalization;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Outage;

/// <summary>The engine was down for eight hours, with purchases in the backlog and every other deadline overdue.</summary>
public sealed class EightHourTests
{
    private const int VisitorCount = 400;

    [Theory]
    [InlineData(1, 2048, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(3, 7, 0)]
    [InlineData(5, 2048, 0)]
    [InlineData(1, 2048, 5 * ShopBeforeOutage.Minute)]
    [InlineData(3, 1, 40 * ShopBeforeOutage.Minute)]
    public void Nobody_is_reminded_whose_purchase_was_there_before_the_deadline_in_shard_time(int shards, int clicksPerLoop, long skewMs)
    {
        using var driver = Driver(shards, clicksPerLoop);
        var shop = new ShopBeforeOutage(driver, shards, VisitorCount, seed: 11);
        shop.GoDown(skewMs);
        driver.Advance(ShopBeforeOutage.Minute);
        var decided = DecisionsByVisitor(driver);
        Assert.All(shop.Visitors, visitor => Assert.Equal((visitor, string.Join(", ", visitor.Expected())), (visitor, decided.GetValueOrDefault(visitor.Name, ""))));
        Assert.Contains(shop.Visitors, static v => v.BoughtMs != 0 && !v.Expected().Any());
        Assert.Contains(driver.Rows, static r => r.Held is not null);
    }

    [Fact]
    public void Sessions_wake_in_due_order_and_each_decides_once_what_it_has_overdue()
    {
        using var driver = Driver(shards: 2, clicksPerLoop: 2048);
        var shop = new ShopBeforeOutage(driver, 2, VisitorCount, seed: 12);
        driver.CrashFor(8 * ShopBeforeOutage.Hour);
        driver.Settle();
        for (var shard = 0; shard < 2; shard++)
        {
            var rows = driver.Memory.Actions(shard);
            AssertInOrder(rows.DistinctBy(static row => row.Visitor));
            Assert.All(rows.GroupBy(static row => row.Visitor), AssertInOrder);
        }
        Assert.Equal(2 * VisitorCount, driver.Actions.Count);
        Assert.Equal(driver.Actions.Count, driver.PublishedIds.Count);
        Assert.Equal(shop.Visitors.Count(static v => v.IsOnCartPage), driver.Rows.Count(static r => r.Held is "Expired"));
    }

    [Fact]
    public void A_crash_anywhere_in_the_drain_changes_nothing_about_what_is_decided()
    {
        using var calm = Driver(shards: 2, clicksPerLoop: 64);
        new ShopBeforeOutage(calm, 2, VisitorCount, seed: 13).GoDown(skewMs: 0);
        calm.Advance(ShopBeforeOutage.Minute);
        using var driver = Driver(shards: 2, clicksPerLoop: 64);
        new ShopBeforeOutage(driver, 2, VisitorCount, seed: 13).GoDown(skewMs: 0);
        for (var crash = 0; crash < 40; crash++)
        {
            for (var turn = 0; turn <= crash; turn++)
            {
                driver.Worker.RunOnce();
            }
            driver.Crash();
        }
        driver.Advance(ShopBeforeOutage.Minute);
        Assert.Equal(Decided(calm), Decided(driver));
        Assert.Equal(Published(calm), Published(driver));
    }

    private static string[] Published(ShardDriver driver) => [.. driver.PublishedIds.Order(StringComparer.Ordinal)];

    private static ShardDriver Driver(int shards, int clicksPerLoop) => new(new DriverOptions
    {
        Shards = shards,
        Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, ClicksPerLoop = clicksPerLoop, DeadlinesPerLoop = 10 },
    });

    private static Dictionary<string, string> DecisionsByVisitor(ShardDriver driver) => driver.Rows
        .GroupBy(static row => row.Visitor.ToString(), StringComparer.Ordinal)
        .ToDictionary(static rows => rows.Key, static rows => string.Join(", ", rows.Select(static r => r.Held is null ? r.Tactic : $"{r.Tactic} ({r.Held})")),
            StringComparer.Ordinal);

    private static void AssertInOrder(IEnumerable<ActionRow> rows)
    {
        var due = rows.Select(static row => row.DueMs).ToArray();
        Assert.NotEmpty(due);
        // Deadlines wake in ticks of 10 ms.
        Assert.All(due.Zip(due.Skip(1)), static pair => Assert.True(pair.Second > pair.First - 10, $"{pair.First} before {pair.Second}"));
    }

    private static string[] Decided(ShardDriver driver) => [.. driver.Rows
        .Select(static row => string.Create(CultureInfo.InvariantCulture, $"{row.Id} {row.Visitor} {row.Tactic} {row.Held} {row.DueMs}"))
        .Order(StringComparer.Ordinal)];
}
