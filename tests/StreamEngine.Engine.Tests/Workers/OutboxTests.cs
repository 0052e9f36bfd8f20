using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class OutboxTests
{
    private const long Minute = 60_000;

    private static ShardDriver WithAbandonedCarts(int count, EngineOptions? engine = null)
    {
        var driver = new ShardDriver(new DriverOptions { Engine = engine ?? new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 } });
        for (var i = 0; i < count; i++)
        {
            driver.Feed("v" + i, ClickJson.ProductAdded("shoe", 50));
        }
        driver.Settle();
        return driver;
    }

    [Fact]
    public void A_full_outbox_pauses_the_shard_and_an_empty_one_resumes_it()
    {
        using var driver = WithAbandonedCarts(100, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, OutboxItemsMax = 10, DeadlinesPerLoop = 5 });
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        Assert.True(driver.Source.IsPaused(0));
        Assert.InRange(driver.Rows.Count, 10, 30);
        var read = driver.Source.Records;
        driver.Feed("new", ClickJson.Page("home"));
        driver.Advance(Minute);
        Assert.Equal(read, driver.Source.Records);
        driver.Outlet.OutstandingMax = 3;
        driver.Advance(Minute);
        Assert.False(driver.Source.IsPaused(0));
        Assert.Equal(100, driver.Actions.Count);
        Assert.Equal(100, driver.PublishedIds.Count);
    }

    [Fact]
    public void An_action_that_fails_is_sent_again_and_order_is_kept()
    {
        using var driver = WithAbandonedCarts(20);
        driver.Outlet.FailNext = 3;
        driver.Advance(31 * Minute);
        Assert.Equal(20, driver.PublishedIds.Count);
        // What came behind the failed ones was delivered before them once; the repetition is in order.
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), driver.Actions.TakeLast(20).Select(a => a.Ticket));
    }

    [Fact]
    public void An_action_that_is_refused_for_ever_does_not_repeat_those_behind_it()
    {
        using var driver = WithAbandonedCarts(20, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, DeadlinesUncommittedMax = 20 });
        driver.Outlet.Refuses = message => message.Ticket == 5;
        driver.Advance(40 * Minute);
        // What was under way behind it arrived once; nothing more leaves before it does.
        Assert.Equal(19, driver.Actions.Count);
        driver.Outlet.Refuses = null;
        driver.Advance(Minute);
        Assert.Equal(Enumerable.Range(5, 16).Select(i => (long)i), driver.Actions.Skip(19).Select(a => a.Ticket));
    }

    [Fact]
    public void An_outlet_that_always_fails_is_not_asked_in_a_frenzy()
    {
        using var driver = WithAbandonedCarts(1);
        driver.Outlet.FailNext = int.MaxValue;
        driver.Advance(40 * Minute);
        Assert.InRange(driver.Outlet.Sends, 10, 10 * 60 * 10);
        driver.Outlet.FailNext = 0;
        driver.Advance(1_000);
        Assert.Single(driver.Actions);
    }

    [Fact]
    public void What_was_published_is_committed_and_not_repeated_after_a_restart()
    {
        using var driver = WithAbandonedCarts(5);
        driver.Advance(35 * Minute);
        Assert.Equal(5, driver.Actions.Count);
        driver.Crash();
        driver.Advance(Minute);
        Assert.Equal(5, driver.Actions.Count);
    }

    [Fact]
    public void What_has_no_receipt_is_repeated_after_a_restart()
    {
        using var driver = WithAbandonedCarts(5);
        driver.Outlet.HoldsReceipts = true;
        driver.Advance(35 * Minute);
        driver.Crash();
        driver.Outlet.HoldsReceipts = false;
        driver.Advance(Minute);
        Assert.Equal(10, driver.Actions.Count);
        Assert.Equal(5, driver.PublishedIds.Count);
    }
}
