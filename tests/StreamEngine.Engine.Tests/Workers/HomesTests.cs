using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>The store is on two servers: shard 0 on one, shard 1 on the other, which takes no commit for a while.</summary>
public sealed class HomesTests
{
    private const long Minute = 60_000;

    private static readonly DriverOptions TwoHomes = new() { Shards = 2, Homes = 2 };

    [Fact]
    public void A_home_that_hangs_holds_up_its_own_shards_and_no_others()
    {
        using var driver = new ShardDriver(TwoHomes);
        driver.Store.HeldHome = 1;
        Feed(driver, "shoe");
        driver.Advance(20 * Minute);
        Feed(driver, "hat");
        driver.Advance(2 * 60 * Minute);
        Assert.Equal(["cart_abandoned", TestTactics.Email1H], driver.Memory.Actions(0).Select(static row => row.Tactic).ToArray());
        Assert.Empty(driver.Memory.Actions(1));
        Assert.Equal(0, driver.Worker.Stats.Reloads);
        driver.Store.Release();
        driver.Advance(Minute);
        Assert.Equal(6_000, Assert.Single(driver.Memory.Carts(1)).ValueMinor);
        Assert.NotEmpty(driver.Memory.Actions(1));
    }

    [Fact]
    public void When_its_next_commit_is_full_the_shards_of_that_home_stop_reading_and_the_others_go_on()
    {
        using var driver = new ShardDriver(TwoHomes with { Engine = TwoHomes.Engine with { CommitClicksMax = 3 } });
        driver.Store.HeldHome = 1;
        for (var i = 0; i < 60; i++)
        {
            Feed(driver, $"sku-{i}");
            driver.Advance(200, stepMs: 50);
        }
        driver.Advance(2_000, stepMs: 50);
        Assert.Equal(60, driver.Memory.TakeOver(0, "a look").NextOffset);
        Assert.True(driver.Source.IsPaused(1));
        Assert.False(driver.Source.IsPaused(0));
        driver.Store.Release();
        driver.Advance(2_000, stepMs: 50);
        Assert.False(driver.Source.IsPaused(1));
        Assert.Equal(60, driver.Memory.TakeOver(1, "a look").NextOffset);
    }

    [Fact]
    public void Deadlines_that_wait_for_a_home_take_no_room_from_those_of_another()
    {
        using var driver = new ShardDriver(TwoHomes with { Engine = TwoHomes.Engine with { DeadlinesUncommittedMax = 2 } });
        for (var i = 0; i < 10; i++)
        {
            driver.Feed($"ann-{i}", ClickJson.ProductAdded("shoe", 50), shard: 0);
            driver.Feed($"bob-{i}", ClickJson.ProductAdded("shoe", 50), shard: 1);
        }
        driver.Settle();
        driver.Store.HeldHome = 1;
        driver.Advance(2 * 60 * Minute);
        Assert.Equal(20, driver.Memory.Actions(0).Count);
        Assert.Empty(driver.Memory.Actions(1));
    }

    private static void Feed(ShardDriver driver, string sku)
    {
        driver.Feed("ann", ClickJson.ProductAdded(sku, sku is "hat" ? 10 : 50), shard: 0);
        driver.Feed("bob", ClickJson.ProductAdded(sku, sku is "hat" ? 10 : 50), shard: 1);
    }
}
