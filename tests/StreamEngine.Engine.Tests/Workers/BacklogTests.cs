using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>Time while there is something left to read, and after outages.</summary>
public sealed class BacklogTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Start = FakeTime.StartMs;

    [Fact]
    public void A_purchase_in_the_backlog_cancels_the_reminders_also_after_hours_of_outage()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.CrashFor(10 * Minute);
        driver.Feed("ann", ClickJson.OrderCompleted("o1", 50));
        for (var i = 0; i < 10_000; i++)
        {
            driver.Feed("v" + i % 50, ClickJson.Page("home"));
        }
        driver.CrashFor(8 * Hour);
        driver.Settle();
        driver.Advance(10 * Minute);
        Assert.Empty(driver.Rows);
        Assert.Equal("Purchased", Assert.Single(driver.Memory.Carts(0)).Phase);
    }

    [Fact]
    public void A_purchase_after_the_deadline_finds_the_cart_abandoned_at_its_own_time()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.CrashFor(45 * Minute);
        driver.Feed("ann", ClickJson.OrderCompleted("o1", 50));
        driver.CrashFor(8 * Hour);
        driver.Advance(Minute);
        Assert.Equal(["cart_abandoned", "cart_recovered"], driver.Decisions);
        Assert.Equal(Start + 30 * Minute, driver.Rows[0].DueMs);
    }

    [Fact]
    public void After_an_outage_chat_prompts_are_held_as_expired_and_emails_go()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Feed("ann", ClickJson.Page("cart"));
        driver.Settle();
        driver.CrashFor(2 * Hour);
        driver.Advance(Minute);
        Assert.Equal(["cart-chat (Expired)", "cart_abandoned", TestTactics.Email1H], driver.Decisions);
        Assert.Equal(2, driver.Actions.Count);
    }

    [Fact]
    public void A_chat_prompt_within_its_thirty_seconds_still_goes()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Feed("ann", ClickJson.Page("cart"));
        driver.Settle();
        driver.CrashFor(TestTactics.CartChatMs + 30_000);
        driver.Settle();
        Assert.Equal([TestTactics.CartChat], driver.Decisions);
    }

    [Fact]
    public void A_shard_that_is_behind_does_not_follow_the_wall()
    {
        using var driver = new ShardDriver(new DriverOptions
        {
            Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, ClicksPerLoop = 1 },
        });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Time.Advance(2 * Hour);
        driver.Topic.Append(0, "bob"u8.ToArray(), ClickJson.Page("home"), Start + Minute);
        driver.Topic.Append(0, "bob"u8.ToArray(), ClickJson.Page("home"), Start + 2 * Minute);
        driver.Topic.Append(0, "ann"u8.ToArray(), ClickJson.OrderCompleted("o1", 50), Start + 3 * Minute);
        driver.Settle();
        Assert.Empty(driver.Rows);
    }

    [Fact]
    public void An_unknown_log_end_holds_deadlines_until_it_is_known()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 4 });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Source.IsLogEndUnknown = true;
        driver.AdvanceTo(Start + Hour);
        Assert.Empty(driver.Rows);
        driver.Source.IsLogEndUnknown = false;
        driver.Advance(2_000);
        Assert.Equal(["cart_abandoned"], driver.Decisions);
    }

    [Fact]
    public void A_log_end_that_becomes_unknown_later_holds_deadlines_too()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Advance(Minute);
        driver.Source.IsLogEndUnknown = true;
        driver.Source.IsStalled = true;
        driver.AdvanceTo(Start + 20 * Minute);
        driver.Feed("ann", ClickJson.OrderCompleted("o1", 50));
        driver.AdvanceTo(Start + Hour);
        Assert.Empty(driver.Rows);
        driver.Source.IsStalled = driver.Source.IsLogEndUnknown = false;
        driver.Advance(Minute);
        Assert.Empty(driver.Rows);
    }

    [Fact]
    public void A_purchase_that_the_client_has_not_heard_of_yet_still_cancels_the_reminder()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 2 });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.AdvanceTo(Start + 30 * Minute - 50, stepMs: 10_000);
        driver.Source.IsDeaf = true;
        driver.Advance(20, stepMs: 1);
        driver.Feed("ann", ClickJson.OrderCompleted("o1", 50));
        driver.Advance(2_000, stepMs: 1);
        Assert.Empty(driver.Rows);
        driver.Source.IsDeaf = false;
        driver.Advance(Hour, stepMs: 10_000);
        Assert.Empty(driver.Rows);
        Assert.Equal("Purchased", Assert.Single(driver.Memory.Carts(0)).Phase);
    }

    [Fact]
    public void A_deadline_that_was_due_while_the_log_end_was_known_does_not_wait_for_a_newer_one()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.AdvanceTo(Start + 30 * Minute - 10, stepMs: 10_000);
        driver.Time.Advance(20);
        driver.Source.IsDeaf = true;
        driver.Advance(10, stepMs: 1);
        Assert.Equal(["cart_abandoned"], driver.Decisions);
    }

    [Fact]
    public void A_drain_of_many_deadlines_does_not_starve_new_clicks()
    {
        using var driver = new ShardDriver(new DriverOptions
        {
            Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, DeadlinesPerLoop = 10 },
        });
        for (var i = 0; i < 1_000; i++)
        {
            driver.Feed("v" + i, ClickJson.ProductAdded("shoe", 50));
        }
        driver.Settle();
        driver.CrashFor(Hour);
        driver.Settle();
        Assert.Equal(1_000, driver.Rows.Count);
        driver.CrashFor(4 * Hour);
        driver.Worker.RunOnce();
        driver.Worker.RunOnce();
        driver.Feed("new", ClickJson.Page("home"));
        driver.Worker.RunOnce();
        Assert.Equal(1, Assert.Single(driver.Worker.Stats.Shards).Clicks);
        Assert.InRange(driver.Worker.Stats.Shards.Single().SessionsWoken, 1, 30);
        driver.Settle();
        Assert.Equal(3_000, driver.Rows.Count);
        // Two of each session's deadlines were overdue.
        var stats = driver.Worker.Stats.Shards.Single();
        Assert.Equal((1_000, 2_000), (stats.SessionsWoken, stats.DeadlinesFired));
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    public void A_clock_that_jumps_holds_the_deadlines(long jumpMs)
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Time.JumpWall(jumpMs);
        driver.Advance(50_000);
        Assert.Empty(driver.Rows);
        Assert.Contains(driver.Log.Lines, line => line.StartsWith("Critical: The wall clock jumped", StringComparison.Ordinal));
        driver.Time.JumpWall(-jumpMs);
        driver.AdvanceTo(Start + 30 * Minute - 1);
        Assert.Empty(driver.Rows);
        driver.AdvanceTo(Start + 30 * Minute);
        Assert.Equal(["cart_abandoned"], driver.Decisions);
    }

    [Fact]
    public void A_visitor_who_came_after_a_silent_hour_of_the_backlog_is_not_idle()
    {
        using var driver = new ShardDriver();
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), Start);
        driver.Settle();
        driver.CrashFor(6 * Hour);
        // Producers' own times: too few records to confirm the jump.
        driver.FeedAt("bob", ClickJson.ProductAdded("hat", 20), Start + 6 * Hour - 2 * Minute);
        driver.Settle();
        Assert.DoesNotContain(driver.Rows, r => r.Visitor == "bob");
        driver.AdvanceTo(Start + 6 * Hour + 28 * Minute - 1);
        Assert.DoesNotContain(driver.Rows, r => r.Visitor == "bob");
        driver.AdvanceTo(Start + 6 * Hour + 28 * Minute);
        Assert.Contains(driver.Rows, r => r.Visitor == "bob");
    }

    [Fact]
    public void A_click_with_a_wrong_clock_does_not_remind_somebody_whose_purchase_is_behind_it()
    {
        using var driver = new ShardDriver();
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), Start);
        driver.Settle();
        driver.CrashFor(6 * Hour);
        driver.FeedAt("ann", ClickJson.Page("home"), Start + 5 * Hour);
        driver.FeedAt("ann", ClickJson.OrderCompleted("o1", 50), Start + 5 * Minute);
        driver.Advance(Hour);
        Assert.Empty(driver.Rows);
    }

    [Fact]
    public void A_visitor_whose_clock_went_back_is_not_silenced()
    {
        using var driver = new ShardDriver();
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), Start - 10 * Hour);
        driver.FeedAt("ann", ClickJson.Page("home"), Start - 5 * Hour);
        for (var i = 0; i < 50; i++)
        {
            driver.FeedAt("ann", ClickJson.Page("home"), Start - 10 * Hour + i * 1_000);
        }
        driver.Settle();
        Assert.Equal(0, driver.Worker.Stats.Shards.Single().Verdicts(Carts.Clicks.Verdict.Throttled));
    }
}
