using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Outage;

/// <summary>Clocks of brokers and producers that run ahead of the engine's.</summary>
public sealed class WrongClockTests
{
    private const long Minute = 60_000;
    private const long Start = FakeTime.StartMs;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_record_that_is_ahead_of_the_wall_clock_fires_no_deadline_early(bool isLogAppendTime)
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.AdvanceTo(Start + 29 * Minute + 10_000);
        driver.FeedAt("bob", ClickJson.Page("home"), driver.Time.NowMs + 50_000, isLogAppendTime);
        driver.AdvanceTo(Start + 30 * Minute - 1);
        Assert.Empty(driver.Rows);
        driver.AdvanceTo(Start + 30 * Minute);
        Assert.Equal(["cart_abandoned"], driver.Decisions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_purchase_behind_a_record_that_is_ahead_still_cancels_the_reminder(bool isLogAppendTime)
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.AdvanceTo(Start + 29 * Minute + 10_000);
        driver.FeedAt("bob", ClickJson.Page("home"), driver.Time.NowMs + 50_000, isLogAppendTime);
        driver.Settle();
        driver.FeedAt("ann", ClickJson.OrderCompleted("o1", 50), driver.Time.NowMs, isLogAppendTime);
        driver.Advance(2 * 60 * Minute);
        Assert.Empty(driver.Rows);
    }

    [Fact]
    public void A_shard_whose_records_were_ahead_goes_on_by_the_wall_clock_without_a_stop()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        for (var second = 1; second <= 40; second++)
        {
            driver.AdvanceTo(Start + second * 1_000);
            driver.FeedAt("bob", ClickJson.Page("home"), driver.Time.NowMs + 55_000);
            driver.Settle();
        }
        // Her own chat prompt is due 45 s after this, by the wall clock.
        driver.Feed("ann", ClickJson.Page("cart"));
        driver.AdvanceTo(Start + 40_000 + TestTactics.CartChatMs - 1);
        Assert.Empty(driver.Rows);
        driver.AdvanceTo(Start + 40_000 + TestTactics.CartChatMs);
        Assert.Equal([TestTactics.CartChat], driver.Decisions);
    }
}
