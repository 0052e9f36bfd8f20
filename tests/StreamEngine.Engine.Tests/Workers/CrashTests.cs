using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>The same script with a crash at each contact with the outside, one run for each.</summary>
public sealed class CrashTests
{
    private const long Minute = 60_000;

    private static ShardDriver Play(int crashAt, int crashEvery = 0)
    {
        var crashes = new CrashPoints { CrashAt = crashAt };
        var driver = new ShardDriver(new DriverOptions { Crashes = crashes });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50, "a1"));
        driver.Feed("bob", ClickJson.ProductAdded("hat", 20, "b1"));
        Pass(Minute);
        driver.Feed("ann", ClickJson.Page("cart"));
        driver.Feed("cyd", "no json"u8.ToArray());
        driver.Feed("bob", ClickJson.Consent("sms", "granted"));
        Pass(2 * Minute);
        driver.Feed("ann", ClickJson.ProductAdded("sock", 5, "a2"));
        driver.Feed("ann", ClickJson.ProductAdded("sock", 5, "a2"));
        Pass(40 * Minute);
        driver.Feed("ann", ClickJson.OrderCompleted("o1", 55));
        driver.Feed("dan", ClickJson.ProductAdded("cap", 5, "d1"));
        Pass(5 * 60 * Minute);
        return driver;

        void Pass(long ms)
        {
            driver.Advance(ms, stepMs: 5_000);
            if (crashEvery > 0)
            {
                crashes.CrashAt = crashes.Passed + crashEvery;
            }
        }
    }

    private static void AssertSound(ShardDriver driver, ShardDriver undisturbed)
    {
        Assert.Equal(undisturbed.PublishedIds.Order(StringComparer.Ordinal), driver.PublishedIds.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(undisturbed.Rows.Select(r => (r.Id.ToString(), r.DueMs, r.Held, r.Tactic)).Order(), driver.Rows.Select(r => (r.Id.ToString(), r.DueMs, r.Held, r.Tactic)).Order());
        Assert.Equal(undisturbed.Memory.Carts(0), driver.Memory.Carts(0));
        Assert.Equal(undisturbed.Memory.Kpis(0), driver.Memory.Kpis(0));
        Assert.Equal(undisturbed.Memory.DeadLetters(0), driver.Memory.DeadLetters(0));
        Assert.Equal(undisturbed.Dead.Select(d => d.Ticket).Distinct(), driver.Dead.Select(d => d.Ticket).Distinct());
        var published = driver.Actions.Select(a => a.Ticket).Distinct().ToList();
        Assert.Equal(published.Order(), published);
        var offset = -1L;
        var seq = 0L;
        foreach (var commit in driver.Store.Seen.Where(c => c.Outcome == CommitOutcome.Committed))
        {
            Assert.True(commit.NextOffset >= offset, $"Offset {commit.NextOffset} committed after {offset}.");
            Assert.Equal(++seq, commit.Seq);
            offset = commit.NextOffset;
        }
        Assert.All(driver.Rows, row => Assert.True(row.DecidedMs >= row.DueMs, "A deadline fired early."));
    }

    [Fact]
    public void A_crash_at_any_contact_changes_nothing_but_repetitions()
    {
        using var undisturbed = Play(0);
        Assert.Equal(9, undisturbed.Rows.Count);
        for (var crashAt = 1; ; crashAt++)
        {
            using var driver = Play(crashAt);
            if (driver.Crashes == 0)
            {
                Assert.True(crashAt > 40, "There were hardly any contacts to crash at.");
                return;
            }
            AssertSound(driver, undisturbed);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Crash_after_crash_changes_nothing_but_repetitions(int crashEvery)
    {
        using var undisturbed = Play(0);
        using var driver = Play(crashEvery, crashEvery);
        Assert.True(driver.Crashes > 1);
        AssertSound(driver, undisturbed);
    }

    [Fact]
    public void A_deadline_that_fell_due_while_the_engine_was_down_fires_once_with_its_own_time()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.CrashFor(31 * Minute);
        driver.Settle();
        Assert.Equal(FakeTime.StartMs + 30 * Minute, Assert.Single(driver.Rows).DueMs);
        driver.Crash();
        driver.Advance(10 * Minute);
        Assert.Single(driver.Rows);
        Assert.Single(driver.PublishedIds);
    }

    [Fact]
    public void A_restart_just_before_the_deadline_does_not_move_it()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.AdvanceTo(FakeTime.StartMs + 30 * Minute - 1);
        driver.Crash();
        driver.Settle();
        Assert.Empty(driver.Rows);
        driver.AdvanceTo(FakeTime.StartMs + 30 * Minute);
        Assert.Single(driver.Rows);
    }

    [Fact]
    public void Committed_actions_that_were_never_sent_leave_after_the_restart()
    {
        using var driver = new ShardDriver();
        driver.Outlet.OutstandingMax = 0;
        for (var i = 0; i < 10; i++)
        {
            driver.Feed("v" + i, ClickJson.ProductAdded("shoe", 50));
        }
        driver.Advance(31 * Minute);
        Assert.Equal(10, driver.Rows.Count);
        Assert.Empty(driver.Actions);
        driver.Crash();
        driver.Outlet.OutstandingMax = 100;
        driver.Settle();
        Assert.Equal(driver.Rows.Select(r => r.Id.ToString()), driver.PublishedIds, StringComparer.Ordinal);
    }
}
