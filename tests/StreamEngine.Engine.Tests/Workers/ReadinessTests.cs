using StreamEngine.Engine.Workers;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>A node is ready when its shards are open and their offsets move, or all is read.</summary>
public sealed class ReadinessTests
{
    private const long Minute = 60_000;

    private static Readiness Of(ShardDriver driver) => new([driver.Worker], driver.Time);

    [Fact]
    public void Before_the_group_has_spoken_it_is_not_ready()
    {
        using var driver = new ShardDriver(new DriverOptions { StartsAssigned = false });
        var readiness = Of(driver);
        Assert.Equal(["worker 0 has not been given its shards by the group yet"], readiness.Look());
        driver.Advance(Minute);
        Assert.Single(readiness.Look());
        driver.Source.Assign(0);
        driver.Advance(1_000);
        Assert.Empty(readiness.Look());
    }

    [Fact]
    public void A_worker_for_whom_no_shard_is_left_is_ready()
    {
        using var driver = new ShardDriver(new DriverOptions { StartsAssigned = false });
        driver.Source.Assign();
        driver.Advance(1_000);
        Assert.Empty(Of(driver).Look());
    }

    [Fact]
    public void A_shard_that_waits_for_the_database_is_not_ready_and_gets_ready_by_itself()
    {
        using var driver = new ShardDriver();
        driver.Store.IsDown = true;
        driver.Advance(1_000);
        var readiness = Of(driver);
        Assert.Equal(["shard 0 is being taken over, or waits for the database"], readiness.Look());
        driver.Store.IsDown = false;
        driver.Advance(20_000);
        Assert.Empty(readiness.Look());
    }

    [Fact]
    public void A_shard_that_has_read_everything_is_ready_however_long_nothing_comes()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.Page("home"));
        var readiness = Of(driver);
        for (var i = 0; i < 60; i++)
        {
            driver.Advance(Minute);
            Assert.Empty(readiness.Look());
        }
    }

    [Fact]
    public void An_offset_that_stands_though_there_is_more_to_read_is_told_after_ten_seconds()
    {
        using var driver = new ShardDriver();
        driver.Settle();
        driver.Source.IsStalled = true;
        driver.Feed("ann", ClickJson.Page("home"));
        var readiness = Of(driver);
        driver.Advance(1_000);
        Assert.Empty(readiness.Look());
        driver.Advance(9_000);
        Assert.Empty(readiness.Look());
        driver.Advance(2_000);
        Assert.Contains("shard 0 stands at offset -1 for 11 s", Assert.Single(readiness.Look()), StringComparison.Ordinal);
        driver.Source.IsStalled = false;
        driver.Advance(1_000);
        Assert.Empty(readiness.Look());
    }

    [Fact]
    public void Where_the_end_of_the_log_is_unknown_standing_is_not_taken_for_being_done()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.Page("home"));
        driver.Advance(1_000);
        driver.Source.IsLogEndUnknown = true;
        var readiness = Of(driver);
        driver.Advance(1_000);
        Assert.Empty(readiness.Look());
        driver.Advance(11_000);
        Assert.Contains("does the broker answer?", Assert.Single(readiness.Look()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_was_stopped_says_why()
    {
        using var driver = new ShardDriver();
        driver.Settle();
        driver.Source.LoseOffset(0, "asked for offset 17, the log holds 400 to 899");
        driver.Advance(1_000);
        Assert.Contains("shard 0 stands still: asked for offset 17, the log holds 400 to 899", Assert.Single(Of(driver).Look()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_takes_nothing_shows_as_a_pause()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, CommitClicksMax = 10 } });
        driver.Settle();
        driver.Store.IsHeld = true;
        for (var i = 0; i < 100; i++)
        {
            driver.Feed("v" + i, ClickJson.ProductAdded("shoe", 50));
        }
        var readiness = Of(driver);
        driver.Advance(3_000, stepMs: 100);
        readiness.Look();
        driver.Advance(12_000, stepMs: 100);
        Assert.Contains("shard 0 is paused at offset", Assert.Single(readiness.Look()), StringComparison.Ordinal);
        driver.Store.Release();
        driver.Advance(1_000, stepMs: 10);
        Assert.Empty(readiness.Look());
    }

    [Fact]
    public void A_worker_that_hangs_is_told()
    {
        using var driver = new ShardDriver();
        driver.Advance(1_000);
        var readiness = Of(driver);
        Assert.Empty(readiness.Look());
        driver.Time.Advance(10_000);
        Assert.Contains("worker 0 has not finished a turn of its loop for 10 s", readiness.Look(), StringComparer.Ordinal);
    }
}
