using System.Globalization;
using System.Text;
using StreamEngine.Carts;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine.Time;
using StreamEngine.Engine.Workers;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Outage;

/// <summary>20,000 overdue deadlines drain while new visitors come: counted in turns of the loop and in messages, not in time.</summary>
public sealed class DrainTests
{
    private const int SessionCount = 20_000;
    private const int TurnsMax = 4;
    private const string Stay = "stay";

    private static readonly TacticSet Tactics = TacticSet.Compile(
        TacticExamples.Set(TacticExamples.ExitIntent(Stay), TacticExamples.Abandoned(TestTactics.Email1H, TestTactics.HourMs) with { ExpiresMs = 24 * TestTactics.HourMs }),
        Currency.Parse("EUR"));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_new_visitor_is_answered_within_a_few_turns_and_ahead_of_all_but_one_commits_worth(int shards)
    {
        using var driver = Overdue(shards, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 });
        var engine = new EngineOptions();
        var longestWait = 0;
        for (var visitor = 0; driver.Actions.Count < SessionCount; visitor++)
        {
            var name = "new" + visitor.ToString(CultureInfo.InvariantCulture);
            var sentBefore = driver.Outlet.Sends;
            driver.Feed(name, ClickJson.Track("Exit Intent Detected"), visitor % shards);
            var turns = 1;
            for (; !IsAnswered(driver, name, sentBefore) && turns <= TurnsMax; turns++)
            {
                driver.Worker.RunOnce();
            }
            longestWait = Math.Max(longestWait, turns);
            // Each woken session sends two actions here.
            Assert.InRange(driver.Outlet.Sends - sentBefore, 1, 2 * 2 * engine.DeadlinesUncommittedMax * TurnsMax);
        }
        Assert.InRange(longestWait, 1, TurnsMax);
        driver.Settle();
        Assert.Equal(2 * SessionCount, driver.Rows.Count(static row => row.Tactic is not Stay));
        Assert.Equal(driver.Actions.Count, driver.PublishedIds.Count);
    }

    [Fact]
    public void A_broker_that_does_not_acknowledge_stops_the_drain_and_not_new_visitors()
    {
        using var driver = Overdue(shards: 2, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, OutboxItemsMax = 5_000 });
        driver.Outlet.HoldsReceipts = true;
        for (var turn = 0; turn < 1_000; turn++)
        {
            driver.Worker.RunOnce();
        }
        Assert.InRange(driver.Outlet.Sends, 1, 5_000);
        var sentBefore = driver.Outlet.Sends;
        driver.Feed("new", ClickJson.Track("Exit Intent Detected"));
        for (var turn = 0; turn < TurnsMax; turn++)
        {
            driver.Worker.RunOnce();
        }
        Assert.True(IsAnswered(driver, "new", sentBefore));
        driver.Outlet.HoldsReceipts = false;
        driver.Settle();
        Assert.Equal(2 * SessionCount, driver.Rows.Count(static row => row.Tactic is not Stay));
    }

    [Fact]
    public void A_prompt_is_committed_without_the_deadlines_of_its_turn()
    {
        using var driver = Overdue(shards: 1, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 }, keepsJournal: true);
        while (driver.Worker.Stats.OpenShards == 0)
        {
            driver.Worker.RunOnce();
        }
        for (var visitor = 0; visitor < 20; visitor++)
        {
            driver.Feed("new" + visitor.ToString(CultureInfo.InvariantCulture), ClickJson.Track("Exit Intent Detected"));
            driver.Worker.RunOnce();
        }
        driver.Settle();
        var commits = driver.Journal!.Entries.OfType<CommitEntry>().Where(static commit => commit.Actions.Any(static row => row.Tactic is Stay)).ToList();
        Assert.Equal(20, commits.Count);
        Assert.All(commits, static commit => Assert.Single(commit.Actions));
    }

    [Fact]
    public void Behind_a_commit_of_deadlines_is_room_for_a_prompt_and_not_for_more_deadlines()
    {
        using var driver = Overdue(shards: 2, new EngineOptions { LingerMsMin = 0, SettleMs = 0, DeadlinesPerLoop = 20 });
        // The window has grown to more than a turn wakes.
        MostFiredInATurn(driver, turns: 20, commitMs: 1);
        driver.Store.IsHeld = true;
        for (var turn = 0; turn < 10; turn++)
        {
            driver.Worker.RunOnce();
        }
        Assert.Equal(1, driver.Store.Held);
        driver.Feed("new", ClickJson.Track("Exit Intent Detected"));
        driver.Worker.RunOnce();
        Assert.Equal(2, driver.Store.Held);
        driver.Store.Release();
        driver.Settle();
        Assert.Equal(2 * SessionCount, driver.Rows.Count(static row => row.Tactic is not Stay));
    }

    [Fact]
    public void Prompts_that_never_end_keep_the_deadlines_of_other_shards_waiting_for_the_longest_linger_only()
    {
        using var driver = Overdue(shards: 2, new EngineOptions { LingerMsMin = 5, LingerMsMax = 50, SettleMs = 0 });
        while (driver.Worker.Stats.OpenShards < 2)
        {
            driver.Worker.RunOnce();
        }
        // Whenever a commit is done, the next prompt's is under way already.
        for (var turn = 0; turn < 20; turn++)
        {
            driver.Store.IsHeld = true;
            driver.Feed("new" + turn.ToString(CultureInfo.InvariantCulture), ClickJson.Track("Exit Intent Detected"), shard: 1);
            driver.Worker.RunOnce();
            driver.Time.Advance(5);
            driver.Store.Release();
        }
        var first = driver.Rows.Where(static row => row.Tactic is not Stay).Select(static row => int.Parse(row.Visitor.ToString()[1..], CultureInfo.InvariantCulture) % 2);
        Assert.Contains(0, first);
        driver.Advance(1_000);
        Assert.Equal(2 * SessionCount, driver.Rows.Count(static row => row.Tactic is not Stay));
    }

    [Fact]
    public void A_turn_of_the_loop_ends_when_its_deadlines_have_had_their_time()
    {
        using var driver = Overdue(shards: 4, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, DeadlinesUncommittedMax = 1_000_000, DeadlinesPerLoop = 1_000_000 });
        // Each look at the clock costs a millisecond, which is the budget.
        driver.Time.AdvancePerLook = TimeSpan.FromMilliseconds(1);
        for (var (turn, fired) = (0, 0L); turn < 20; turn++)
        {
            driver.Worker.RunOnce();
            var now = driver.Worker.Stats.Shards.Sum(static s => s.SessionsWoken);
            Assert.InRange(now - fired, turn < 3 ? 0 : 1, 3 * 64);
            fired = now;
        }
    }

    [Fact]
    public void Every_shard_gets_its_turn_in_the_drain()
    {
        using var driver = Overdue(shards: 8, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, DeadlinesPerLoop = 100 });
        long[] fired = [];
        for (var turn = 0; fired.Sum() < SessionCount / 2; turn++)
        {
            Assert.InRange(turn, 0, SessionCount / 10);
            driver.Worker.RunOnce();
            fired = [.. driver.Worker.Stats.Shards.Select(static s => s.SessionsWoken)];
            Assert.InRange(fired.DefaultIfEmpty().Max() - fired.DefaultIfEmpty().Min(), 0, 128);
        }
    }

    [Fact]
    public void Commits_hold_more_of_the_drain_while_they_are_quick_and_little_again_when_they_are_not()
    {
        using var driver = Overdue(shards: 2, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 });
        Assert.InRange(MostFiredInATurn(driver, turns: 35, commitMs: 1), 200, 1_024);
        MostFiredInATurn(driver, turns: 10, commitMs: 2);
        Assert.InRange(MostFiredInATurn(driver, turns: 20, commitMs: 2), 1, 20);
    }

    [Fact]
    public void A_store_that_is_slow_whatever_it_is_given_holds_the_drain_up_little()
    {
        using var driver = Overdue(shards: 2, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 });
        MostFiredInATurn(driver, turns: 60, commitMs: 30);
        var before = driver.Worker.Stats.Shards.Sum(static shard => shard.SessionsWoken);
        MostFiredInATurn(driver, turns: 20, commitMs: 30);
        var aSecond = (driver.Worker.Stats.Shards.Sum(static shard => shard.SessionsWoken) - before) / (20 * 0.030);
        // The window is at its bound of 256, and a commit begins every other turn. With 16 it would be 267.
        Assert.InRange(aSecond, 4_000, 10_000);
    }

    [Fact]
    public void Where_all_is_due_at_once_and_nobody_waits_no_commit_holds_all_of_it()
    {
        using var driver = new ShardDriver(new DriverOptions
        {
            Engine = new EngineOptions { LingerMsMin = 50, LingerMsMax = 50, SettleMs = 0 },
            Tactics = Tactics,
            KeepsJournal = true,
            CatchUp = static _ => new CatchUp([1]),
        });
        for (var i = 0; i < SessionCount; i++)
        {
            driver.FeedAt("v" + i.ToString(CultureInfo.InvariantCulture), ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs - 8 * TestTactics.HourMs);
        }
        for (var i = 0; i < ShardClock.AgreeingRecords; i++)
        {
            driver.FeedAt("last", ClickJson.Page("home"), FakeTime.StartMs - TestTactics.HourMs);
        }
        driver.Settle();
        driver.Advance(1_000);
        var actions = driver.Journal!.Entries.OfType<CommitEntry>().Select(static commit => commit.Actions.Count).ToList();
        Assert.Equal(2 * SessionCount, actions.Sum());
        // What makes a commit worth it, and a turn's more.
        Assert.InRange(actions.Max(), 1, 1_024 + 2 * new EngineOptions().DeadlinesPerLoop);
    }

    private static long MostFiredInATurn(ShardDriver driver, int turns, long commitMs)
    {
        var most = 0L;
        for (var turn = 0; turn < turns; turn++)
        {
            var before = Fired();
            driver.Store.IsHeld = true;
            driver.Worker.RunOnce();
            driver.Time.Advance(commitMs);
            driver.Store.Release();
            most = Math.Max(most, Fired() - before);
        }
        return most;

        long Fired() => driver.Worker.Stats.Shards.Sum(static shard => shard.SessionsWoken);
    }

    private static ShardDriver Overdue(int shards, EngineOptions engine, bool keepsJournal = false)
    {
        var driver = new ShardDriver(new DriverOptions { Shards = shards, Engine = engine, Tactics = Tactics, KeepsJournal = keepsJournal });
        for (var i = 0; i < SessionCount; i++)
        {
            driver.Feed("v" + i.ToString(CultureInfo.InvariantCulture), ClickJson.ProductAdded("shoe", 50), i % shards);
        }
        driver.Settle();
        driver.CrashFor(8 * TestTactics.HourMs);
        return driver;
    }

    private static bool IsAnswered(ShardDriver driver, string visitor, int sentBefore) => driver.Outlet.Delivered.Skip(sentBefore)
        .Any(message => string.Equals(Encoding.UTF8.GetString(message.Key.Span), visitor, StringComparison.Ordinal));
}
