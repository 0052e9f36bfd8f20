using System.Globalization;
using System.Text;
using StreamEngine.Carts;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Outage;

/// <summary>Overdue actions leave together while more of them are on their way; nobody's prompt and nothing that is in time waits for others.</summary>
public sealed class GatheringTests
{
    private const int SessionCount = 2_000;
    private const int PerTurn = 20;
    private const string Stay = "stay";

    private static readonly TacticSet Tactics = TacticSet.Compile(
        TacticExamples.Set(TacticExamples.ExitIntent(Stay), TacticExamples.Abandoned(TestTactics.Email1H, TestTactics.HourMs) with { ExpiresMs = 24 * TestTactics.HourMs }),
        Currency.Parse("EUR"));

    [Fact]
    public void Overdue_actions_wait_for_those_of_the_commit_that_is_under_way()
    {
        using var driver = WithGatheringActions();
        driver.Store.Release();
        driver.Settle();
        AssertAllLeftInOrder(driver);
    }

    [Fact]
    public void However_slow_the_store_is_they_wait_for_20_ms_only()
    {
        using var driver = WithGatheringActions();
        driver.Time.Advance(19);
        driver.Worker.RunOnce();
        Assert.NotEqual(0, Gathering(driver));
        driver.Time.Advance(1);
        driver.Worker.RunOnce();
        Assert.Equal(0, Gathering(driver));
        driver.Store.Release();
        driver.Settle();
        AssertAllLeftInOrder(driver);
    }

    [Fact]
    public void A_prompt_takes_those_before_it_along_at_once()
    {
        using var driver = WithGatheringActions();
        driver.Feed("new", ClickJson.Track("Exit Intent Detected"));
        driver.Worker.RunOnce();
        Assert.NotEqual(0, Gathering(driver));
        driver.Store.Release();
        driver.Store.IsHeld = true;
        driver.Worker.RunOnce();
        Assert.Contains("new", driver.Actions.Select(static action => Encoding.UTF8.GetString(action.Key.Span)), StringComparer.Ordinal);
        Assert.Equal(0, Gathering(driver));
        driver.Store.Release();
        driver.Settle();
        AssertAllLeftInOrder(driver);
    }

    [Fact]
    public void No_more_than_128_of_a_shard_wait()
    {
        using var driver = WithGatheringActions();
        var most = 0;
        for (var turn = 0; driver.Rows.Count < 2 * SessionCount; turn++)
        {
            Assert.InRange(turn, 0, SessionCount);
            TurnWithTheNextCommitUnderWay(driver);
            most = Math.Max(most, Gathering(driver));
        }
        Assert.InRange(most, 2 * PerTurn, 127);
        driver.Store.Release();
        driver.Settle();
        AssertAllLeftInOrder(driver);
    }

    [Fact]
    public void A_worker_that_leaves_waits_for_no_others()
    {
        using var driver = WithGatheringActions();
        driver.Store.Release();
        driver.Worker.Drain();
        Assert.Equal(0, Gathering(driver));
        Assert.Equal(driver.Actions.Count, driver.Memory.ReadShard(0).PublishedSeq);
    }

    [Fact]
    public void What_fires_in_time_leaves_at_once_though_more_is_under_way()
    {
        using var driver = WithCarts();
        // Carts are abandoned after 30 minutes.
        driver.AdvanceTo(driver.Time.NowMs + 30 * 60_000 - 1);
        driver.Time.Advance(100);
        for (var turn = 0; turn < 20; turn++)
        {
            TurnWithTheNextCommitUnderWay(driver);
            Assert.Equal(0, Gathering(driver));
        }
        Assert.NotEmpty(driver.Actions);
        driver.Store.Release();
        driver.Settle();
    }

    private static int Gathering(ShardDriver driver) => driver.Rows.Count - driver.Outlet.Sends;

    /// <summary>The window of the drain has grown to more than a turn of the loop wakes: while one commit is written, the next fills.</summary>
    private static ShardDriver WithGatheringActions()
    {
        var driver = WithCarts();
        driver.CrashFor(8 * TestTactics.HourMs);
        for (var turn = 0; Gathering(driver) == 0; turn++)
        {
            Assert.InRange(turn, 0, 20);
            TurnWithTheNextCommitUnderWay(driver);
        }
        Assert.Equal(1, driver.Store.Held);
        return driver;
    }

    private static void TurnWithTheNextCommitUnderWay(ShardDriver driver)
    {
        driver.Store.Release();
        driver.Store.IsHeld = true;
        driver.Worker.RunOnce();
    }

    private static ShardDriver WithCarts()
    {
        var driver = new ShardDriver(new DriverOptions
        {
            Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, DeadlinesPerLoop = PerTurn },
            Tactics = Tactics,
        });
        for (var i = 0; i < SessionCount; i++)
        {
            driver.Feed("v" + i.ToString(CultureInfo.InvariantCulture), ClickJson.ProductAdded("shoe", 50));
        }
        driver.Settle();
        return driver;
    }

    private static void AssertAllLeftInOrder(ShardDriver driver)
    {
        Assert.Equal(2 * SessionCount, driver.Rows.Count(static row => row.Tactic is not Stay));
        Assert.Equal(Enumerable.Range(1, driver.Rows.Count).Select(static seq => (long)seq), driver.Actions.Select(static action => action.Ticket));
    }
}
