using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>A shard that comes back to its node unchanged goes on in memory; in every other case it is read from the store.</summary>
public sealed class KeptShardTests
{
    private const long Minute = 60_000;

    /// <summary>Ann has a cart, bob only browses; all of it is committed, which for bob means his offset.</summary>
    private static ShardDriver WithVisitors(EngineOptions? engine = null)
    {
        var driver = new ShardDriver(engine is null ? null : new DriverOptions { Engine = engine });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Feed("bob", ClickJson.Page("home"));
        driver.Advance(5_000);
        return driver;
    }

    private static long Browsing(ShardDriver driver) => driver.Worker.Stats.Shards.Sum(shard => shard.Sessions(CartPhase.Browsing));

    private static void ComeBack(ShardDriver driver)
    {
        driver.Source.Assign(0);
        driver.Advance(1_000);
    }

    [Fact]
    public void Visitors_who_only_browse_are_still_there_and_the_log_is_not_read()
    {
        using var driver = WithVisitors();
        var reads = driver.Store.LogReads;
        driver.Source.Revoke(0);
        driver.Settle();
        Assert.Equal(0, Browsing(driver));
        ComeBack(driver);
        Assert.Equal(reads, driver.Store.LogReads);
        Assert.Equal(1, Browsing(driver));
        Assert.Equal(1, driver.Worker.Stats.Shards.Sum(shard => shard.Sessions(CartPhase.Carting)));
        Assert.Contains(driver.Log.Lines, line => line.Contains("taken over again, nobody had it meanwhile: epoch 2, 2 sessions still in memory", StringComparison.Ordinal));
    }

    [Fact]
    public void It_goes_on_under_its_new_epoch_as_if_it_had_never_left()
    {
        using var driver = WithVisitors();
        driver.Source.Revoke(0);
        driver.Advance(20_000);
        driver.Feed("ann", ClickJson.ProductAdded("hat", 10));
        ComeBack(driver);
        driver.Advance(40 * Minute);
        var row = Assert.Single(driver.Rows);
        Assert.Equal(FakeTime.StartMs + 25_000 + 30 * Minute, row.DueMs);
        Assert.Equal(row.Id, Assert.Single(driver.PublishedIds));
        Assert.Equal(6_000, Assert.Single(driver.Memory.Carts(0)).ValueMinor);
        Assert.Equal(2, driver.Store.Seen[^1].Epoch);
        Assert.Equal(3, driver.Worker.Stats.Shards.Sum(shard => shard.Clicks));
    }

    [Fact]
    public void A_lost_shard_is_kept_too_where_nothing_of_it_was_uncommitted()
    {
        using var driver = WithVisitors();
        driver.Source.Lose(0);
        driver.Settle();
        ComeBack(driver);
        Assert.Equal(1, Browsing(driver));
    }

    [Fact]
    public void Where_another_node_had_it_meanwhile_it_is_read_back()
    {
        using var driver = WithVisitors();
        driver.Source.Revoke(0);
        driver.Settle();
        driver.Memory.TakeOver(0, "rival");
        ComeBack(driver);
        Assert.Equal(0, Browsing(driver));
        Assert.Equal(1, driver.Worker.Stats.Shards.Sum(shard => shard.Sessions(CartPhase.Carting)));
    }

    [Fact]
    public void Where_an_operator_has_repaired_it_meanwhile_it_is_read_back()
    {
        using var driver = WithVisitors();
        driver.Source.Revoke(0);
        driver.Settle();
        driver.Memory.Repair(new ShardRepair(0, 1, RepairKind.Forget, -1, "ann", "a test", 1));
        ComeBack(driver);
        // Read again from the first record: both are there, as new.
        Assert.Equal(1, Browsing(driver));
        Assert.Equal(4, driver.Worker.Stats.Shards.Sum(shard => shard.Clicks));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_that_is_ahead_of_the_store_is_not_kept(bool isWrittenLater)
    {
        using var driver = WithVisitors();
        driver.Store.IsHeld = true;
        driver.Feed("ann", ClickJson.ProductAdded("hat", 10));
        driver.Settle();
        driver.Source.Lose(0);
        driver.Settle();
        if (isWrittenLater)
        {
            driver.Store.Release();
        }
        else
        {
            driver.Store.IsDown = true;
            driver.Store.Release();
            driver.Store.IsDown = false;
        }
        ComeBack(driver);
        Assert.Equal(0, Browsing(driver));
        driver.Advance(40 * Minute);
        Assert.Equal(6_000, Assert.Single(driver.Memory.Carts(0)).ValueMinor);
    }

    [Fact]
    public void After_a_minute_it_is_forgotten()
    {
        using var driver = WithVisitors();
        driver.Source.Revoke(0);
        driver.Advance(61_000);
        ComeBack(driver);
        Assert.Equal(0, Browsing(driver));
    }

    [Fact]
    public void What_was_on_its_way_out_when_it_left_is_published_when_it_is_back()
    {
        using var driver = WithVisitors();
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        driver.Source.Revoke(0);
        driver.Settle();
        driver.Outlet.OutstandingMax = 10;
        ComeBack(driver);
        Assert.Equal(driver.Rows.Select(row => row.Id.ToString()), driver.PublishedIds, StringComparer.Ordinal);
        Assert.Contains(driver.Log.Lines, line => line.Contains("taken over again", StringComparison.Ordinal));
    }
}
