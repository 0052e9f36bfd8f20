using System.Text;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class ClickToActionTests
{
    private const long IdleMs = 30 * 60_000;
    private const long Start = FakeTime.StartMs;

    private static void FillCart(ShardDriver driver, string visitor = "ann") => driver.Feed(visitor, ClickJson.ProductAdded("shoe", 50));

    [Fact]
    public void A_cart_is_abandoned_at_its_deadline_and_only_once()
    {
        using var driver = new ShardDriver();
        FillCart(driver);
        driver.AdvanceTo(Start + IdleMs - 1);
        Assert.Empty(driver.PublishedIds);
        driver.AdvanceTo(Start + IdleMs);
        Assert.Equal(["cart_abandoned"], driver.Decisions);
        Assert.Single(driver.Actions);
        driver.AdvanceTo(Start + IdleMs + TestTactics.HourMs - 1);
        Assert.Single(driver.Actions);
        driver.AdvanceTo(Start + IdleMs + TestTactics.HourMs);
        Assert.Equal(["cart_abandoned", TestTactics.Email1H], driver.Decisions);
        Assert.Equal(2, driver.Actions.Count);
        driver.AdvanceTo(Start + 20 * 24 * TestTactics.HourMs, stepMs: 600_000);
        Assert.Equal(2, driver.Actions.Count);
        Assert.Equal(["cart_abandoned", TestTactics.Email1H, "sms-3h (NoConsent)"], driver.Decisions);
    }

    [Fact]
    public void A_click_postpones_the_deadline_exactly()
    {
        using var driver = new ShardDriver();
        FillCart(driver);
        driver.AdvanceTo(Start + IdleMs - 1);
        driver.Feed("ann", ClickJson.Page("home"));
        driver.AdvanceTo(Start + 2 * IdleMs - 2);
        Assert.Empty(driver.Rows);
        driver.AdvanceTo(Start + 2 * IdleMs + 8);
        Assert.Equal(Start + 2 * IdleMs - 1, Assert.Single(driver.Rows).DueMs);
    }

    [Fact]
    public void An_action_leaves_only_after_its_commit()
    {
        using var driver = new ShardDriver();
        FillCart(driver);
        driver.Settle();
        driver.Store.IsHeld = true;
        driver.AdvanceTo(Start + IdleMs + 5_000);
        Assert.Empty(driver.Actions);
        Assert.Empty(driver.Rows);
        driver.Store.Release();
        driver.Settle();
        Assert.Single(driver.Actions);
    }

    [Fact]
    public void Sequences_have_no_gaps_and_leave_in_order()
    {
        using var driver = new ShardDriver();
        for (var i = 0; i < 200; i++)
        {
            FillCart(driver, "visitor-" + i);
            driver.Time.Advance(137);
        }
        driver.Advance(6 * TestTactics.HourMs, stepMs: 10_000);
        Assert.Equal(400, driver.Actions.Count);
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), driver.Actions.Select(a => a.Ticket));
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), driver.Rows.Where(r => r.Held is null).Select(r => r.Seq));
    }

    [Fact]
    public void An_action_is_a_cloud_event_keyed_by_its_visitor()
    {
        using var driver = new ShardDriver();
        FillCart(driver);
        driver.Advance(IdleMs);
        var action = Assert.Single(driver.Actions);
        Assert.Equal("ann", Encoding.UTF8.GetString(action.Key.Span));
        Assert.Contains(new("ce_type", "streamengine.cart_abandoned"), action.Headers);
        Assert.Contains(new("ce_specversion", "1.0"), action.Headers);
        Assert.Equal(driver.Rows[0].Id, ShardDriver.IdOf(action));
    }

    [Fact]
    public void A_chat_prompt_does_not_wait_for_the_linger()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 10_000, LingerMsMax = 10_000, SettleMs = 0 } });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Feed("ann", ClickJson.Page("cart"));
        driver.Advance(20_000);
        driver.AdvanceTo(Start + TestTactics.CartChatMs);
        Assert.Equal([TestTactics.CartChat], driver.Decisions);
        Assert.Single(driver.Actions);
    }

    [Fact]
    public void Visitors_who_only_browse_cost_no_segment()
    {
        using var driver = new ShardDriver();
        for (var i = 0; i < 100; i++)
        {
            driver.Feed("visitor-" + i % 10, ClickJson.Page(i % 2 == 0 ? "home" : "listing"));
            driver.Advance(500);
        }
        driver.Advance(2 * IdleMs, stepMs: 10_000);
        Assert.All(driver.Store.Seen, commit => Assert.Empty(commit.Segment));
        Assert.Equal(100, driver.Store.Seen[^1].NextOffset);
        Assert.Equal(100, driver.Source.Reported[0]);
    }

    [Fact]
    public void A_visitor_over_the_limit_is_throttled_and_the_others_are_not()
    {
        using var driver = new ShardDriver();
        for (var i = 0; i < 5_000; i++)
        {
            driver.Feed("bot", ClickJson.Page("home"));
        }
        FillCart(driver);
        driver.Feed("bot", ClickJson.OrderCompleted("o-1", 10));
        driver.Settle();
        var stats = Assert.Single(driver.Worker.Stats.Shards);
        Assert.Equal(4_800, stats.Verdicts(Carts.Clicks.Verdict.Throttled));
        Assert.Equal(5_002, stats.Clicks);
        Assert.Contains(driver.Memory.Carts(0), c => c is { Phase: "Purchased" } && c.Visitor == "bot");
        driver.AdvanceTo(Start + IdleMs);
        Assert.Contains("cart_abandoned", driver.Decisions, StringComparer.Ordinal);
        driver.Feed("bot", ClickJson.Page("home"));
        driver.Settle();
        Assert.Equal(4_800, stats.Verdicts(Carts.Clicks.Verdict.Throttled));
    }

    [Fact]
    public void The_same_script_gives_the_same_bytes()
    {
        var first = Run();
        var second = Run();
        Assert.Equal(first.Segments, second.Segments, StringComparer.Ordinal);
        Assert.Equal(first.Actions, second.Actions, StringComparer.Ordinal);
        Assert.NotEmpty(first.Actions);

        static (List<string> Segments, List<string> Actions) Run()
        {
            using var driver = new ShardDriver(new DriverOptions { Shards = 3 });
            var random = new Random(11);
            for (var i = 0; i < 400; i++)
            {
                var visitor = random.Next(40);
                driver.Feed("v" + visitor, random.Next(4) switch
                {
                    0 => ClickJson.Page("cart"),
                    1 => ClickJson.OrderCompleted("o" + i, 20),
                    2 => ClickJson.Consent("sms", "granted"),
                    _ => ClickJson.ProductAdded("p" + random.Next(9), 12.5m, "m" + i),
                }, visitor % 3);
                driver.Advance(random.Next(60_000), stepMs: 5_000);
            }
            driver.Advance(6 * TestTactics.HourMs, stepMs: 10_000);
            return ([.. driver.Store.Seen.Select(c => Convert.ToHexString(c.Segment))], [.. driver.Actions.Select(a => Convert.ToHexString(a.Value.Span))]);
        }
    }

    [Fact]
    public void Nothing_is_handled_twice_when_the_consumer_jumps_back()
    {
        using var driver = new ShardDriver();
        for (var i = 0; i < 10; i++)
        {
            driver.Feed("ann", ClickJson.ProductAdded("shoe", 10));
        }
        driver.Settle();
        driver.Source.JumpBack(0, 3);
        driver.Settle();
        Assert.Equal(10, Assert.Single(driver.Worker.Stats.Shards).Clicks);
        driver.Advance(IdleMs);
        Assert.Equal(10_000, Assert.Single(driver.Memory.Carts(0)).ValueMinor);
    }

    [Fact]
    public void Offsets_that_are_missing_in_between_are_stepped_over()
    {
        using var driver = new ShardDriver();
        FillCart(driver);
        driver.Topic.Append(0, "bob"u8.ToArray(), ClickJson.ProductAdded("shoe", 10), Start, skip: 100);
        driver.Advance(IdleMs);
        Assert.Equal(2, driver.Actions.Count);
        Assert.Equal(102, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void A_commit_is_recorded_once_per_sequence()
    {
        using var driver = new ShardDriver();
        FillCart(driver);
        driver.Advance(IdleMs * 3);
        Assert.All(driver.Store.Seen, commit => Assert.Equal(CommitOutcome.Committed, commit.Outcome));
        Assert.Equal(Enumerable.Range(1, driver.Store.Seen.Count).Select(i => (long)i), driver.Store.Seen.Select(c => c.Seq));
    }
}
