using StreamEngine.Engine.Tests.Shards;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>A turn throws, which only a bug can cause: one visitor pays, the others do not notice.</summary>
public sealed class FailingTurnTests
{
    private const long Minute = 60_000;

    [Fact]
    public void A_session_whose_deadline_cannot_be_fired_stands_still_and_the_others_go_on()
    {
        using var driver = new ShardDriver();
        CorruptSessions.Write(driver, CorruptSessions.Impossible("eve"));
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Advance(31 * Minute);
        Assert.Equal("ann", Assert.Single(driver.Rows).Visitor);
        Assert.Equal(1, driver.Worker.Stats.Reloads);
        Assert.Empty(driver.Dead);
        Assert.Contains(driver.Log.Lines, line => line.Contains("firing a deadline failed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_whose_turn_fails_goes_to_the_dead_letters_and_the_others_go_on()
    {
        using var driver = new ShardDriver();
        CorruptSessions.Write(driver, CorruptSessions.Impossible("eve"));
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Feed("eve", ClickJson.OrderCompleted("o1", 10));
        driver.Feed("bob", ClickJson.ProductAdded("hat", 20));
        driver.Settle();
        var letter = Assert.Single(driver.Dead);
        Assert.Equal(1, letter.Ticket);
        Assert.Contains(new("reason", "SessionCorrupt"), letter.Headers);
        Assert.Equal(3, driver.Store.Seen[^1].NextOffset);
        driver.Advance(31 * Minute);
        Assert.Equal(["ann", "bob"], driver.Rows.Select(r => r.Visitor), StringComparer.Ordinal);
    }

    [Fact]
    public void A_click_that_only_meets_a_failing_deadline_is_not_lost()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 } });
        CorruptSessions.Write(driver, CorruptSessions.Impossible("eve"));
        driver.Feed("eve", ClickJson.Consent("sms", "withdrawn"));
        driver.Settle();
        Assert.Empty(driver.Dead);
        Assert.Equal(1, driver.Store.Seen[^1].NextOffset);
    }
}
