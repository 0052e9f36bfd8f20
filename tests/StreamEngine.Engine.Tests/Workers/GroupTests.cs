using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class GroupTests
{
    private const long Minute = 60_000;

    [Fact]
    public void A_revoked_shard_commits_and_publishes_first()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 10_000, LingerMsMax = 10_000, SettleMs = 0 } });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.AdvanceTo(FakeTime.StartMs + 30 * Minute);
        Assert.Empty(driver.Actions);
        driver.Source.Revoke(0);
        driver.Settle();
        Assert.Single(driver.Actions);
        Assert.Equal(1, driver.Store.Seen[^1].NextOffset);
        Assert.Contains(driver.Log.Lines, line => line.Contains($"given up after commit {driver.Store.Seen[^1].Seq}.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_revoked_shard_whose_store_hangs_is_let_go_in_time()
    {
        using var driver = new ShardDriver();
        driver.Settle();
        driver.Store.IsHeld = true;
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Source.Revoke(0);
        driver.Time.AdvancePerLook = TimeSpan.FromMilliseconds(10);
        var before = driver.Time.NowMs;
        driver.Worker.RunOnce();
        driver.Time.AdvancePerLook = TimeSpan.Zero;
        Assert.InRange(driver.Time.NowMs - before, 2_000, 2_300);
        driver.Store.Release();
        driver.Source.Assign(0);
        driver.Advance(31 * Minute);
        Assert.Equal(["cart_abandoned"], driver.Decisions);
    }

    [Fact]
    public void A_lost_shard_is_dropped_at_once()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 10_000, LingerMsMax = 10_000, SettleMs = 0 } });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Source.Lose(0);
        driver.Advance(40 * Minute);
        Assert.Empty(driver.Store.Seen);
        Assert.Empty(driver.Actions);
        Assert.True(driver.Worker.IsQuiet);
    }

    [Fact]
    public void A_lost_shard_publishes_nothing_even_if_its_commit_succeeds()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Store.IsHeld = true;
        driver.Advance(30 * Minute);
        driver.Source.Lose(0);
        driver.Settle();
        driver.Store.Release();
        driver.Advance(Minute);
        Assert.Single(driver.Rows);
        Assert.Empty(driver.Actions);
        driver.Source.Assign(0);
        driver.Advance(Minute);
        Assert.Equal(driver.Rows.Select(r => r.Id.ToString()), driver.PublishedIds, StringComparer.Ordinal);
    }

    [Fact]
    public void A_shard_that_comes_back_goes_on_where_it_was()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Advance(Minute);
        driver.Source.Revoke(0);
        driver.Advance(Minute);
        driver.Feed("ann", ClickJson.ProductAdded("hat", 10));
        driver.Source.Assign(0);
        driver.Advance(40 * Minute);
        Assert.Equal(FakeTime.StartMs + 32 * Minute, Assert.Single(driver.Rows).DueMs);
        Assert.Equal(2, driver.Worker.Stats.Shards.Single().Clicks);
    }

    [Fact]
    public void A_missing_offset_stops_its_shard_with_a_reason_and_no_other()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 2 });
        driver.Settle();
        driver.Source.LoseOffset(0, "Offset 17 of clicks/0 is gone; the log begins at 400");
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50), 0);
        driver.Feed("bob", ClickJson.ProductAdded("shoe", 50), 1);
        driver.Advance(31 * Minute);
        Assert.Equal("bob", Assert.Single(driver.Rows).Visitor);
        Assert.Contains("Offset 17 of clicks/0 is gone", driver.Worker.Stats.Stopped[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_shard_that_stood_still_and_went_to_another_node_is_not_told_of_here_any_more(bool isLost)
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 2 });
        driver.Settle();
        driver.Source.LoseOffset(0, "Offset 17 of clicks/0 is gone; the log begins at 400");
        driver.Settle();
        Assert.Equal([0], driver.Worker.Stats.Stopped.Keys);
        if (isLost) driver.Source.Lose(0);
        else driver.Source.Revoke(0);
        driver.Settle();
        Assert.Empty(driver.Worker.Stats.Stopped);
        // Whoever had it may have mended it.
        driver.Source.Assign(0);
        driver.Settle();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50), 0);
        driver.Advance(31 * Minute);
        Assert.Equal("ann", Assert.Single(driver.Rows).Visitor);
        Assert.Empty(driver.Worker.Stats.Stopped);
    }

    [Fact]
    public void A_worker_that_is_told_to_stop_commits_and_publishes()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 10_000, LingerMsMax = 10_000, SettleMs = 0 } });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.AdvanceTo(FakeTime.StartMs + 30 * Minute);
        driver.Worker.Drain();
        Assert.Single(driver.Actions);
        driver.Crash();
        driver.Advance(Minute);
        Assert.Single(driver.Actions);
        Assert.Equal(1, driver.Worker.Stats.Shards.Single().Sessions(Carts.Sessions.CartPhase.Abandoned));
    }
}
