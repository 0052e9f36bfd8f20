using StreamEngine.Carts;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class LingerTests
{
    private static ShardDriver Lingering(bool isBehind)
    {
        var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 5, LingerMsMax = 50, SettleMs = 0 } });
        // Whoever does not know where the log ends goes by the clicks' own time.
        driver.Source.IsLogEndUnknown = isBehind;
        return driver;
    }

    private static void AssertCommitsAfter(ShardDriver driver, long ms, int shards = 1)
    {
        driver.Settle();
        driver.Advance(ms - 1, stepMs: 1);
        Assert.Equal(0, driver.Worker.Stats.Commits);
        driver.Advance(1);
        Assert.Equal(shards, driver.Worker.Stats.Commits);
    }

    [Fact]
    public void A_change_of_this_moment_is_committed_after_the_shortest_linger()
    {
        using var driver = Lingering(isBehind: false);
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        AssertCommitsAfter(driver, 5);
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(10_000)]
    public void A_backlog_gathers_for_a_second(long behindMs)
    {
        using var driver = Lingering(isBehind: true);
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs - behindMs);
        AssertCommitsAfter(driver, 1_000);
    }

    [Theory]
    // The time in which it gathers counts too: 250 ms later it is 1,250 ms behind.
    [InlineData(1_001, 251)]
    [InlineData(2_000, 500)]
    public void Who_is_nearly_up_to_date_gathers_for_a_fifth_of_what_is_missing(long behindMs, long afterMs)
    {
        using var driver = Lingering(isBehind: true);
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs - behindMs);
        AssertCommitsAfter(driver, afterMs);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(20, 400)]
    [InlineData(50, 1_000)]
    [InlineData(60_000, 1_000)]
    public void No_backlog_lingers_for_longer_than_a_second_and_trouble_is_over_a_pause_and_that_later(int lingerMsMax, int backlogMs)
    {
        var engine = new EngineOptions { LingerMsMax = lingerMsMax, RetryMsMax = 2_000 };
        Assert.Equal((backlogMs, 2_000 + backlogMs), (engine.BacklogLingerMsMax, engine.TroubleCalm.TotalMilliseconds));
    }

    [Fact]
    public void Of_two_that_are_behind_the_nearer_one_counts()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 2, Engine = new EngineOptions { LingerMsMin = 5, LingerMsMax = 50, SettleMs = 0 } });
        driver.Source.IsLogEndUnknown = true;
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs - 60_000);
        driver.FeedAt("bob", ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs - 2_000, shard: 1);
        AssertCommitsAfter(driver, 500, shards: 2);
    }

    [Fact]
    public void A_prompt_that_is_decided_in_a_backlog_does_not_hurry_it()
    {
        using var driver = Lingering(isBehind: true);
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs - 60_000);
        driver.FeedAt("ann", ClickJson.Page("cart"), FakeTime.StartMs - 60_000);
        driver.FeedAt("bob", ClickJson.Page("home"), FakeTime.StartMs - 10_000);
        AssertCommitsAfter(driver, 1_000);
        Assert.Equal([TestTactics.CartChat], driver.Decisions);
    }

    [Fact]
    public void One_shard_that_is_up_to_date_hurries_the_commit_of_those_that_are_not()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 2, Engine = new EngineOptions { LingerMsMin = 5, LingerMsMax = 50, SettleMs = 0 } });
        driver.Source.IsLogEndUnknown = true;
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs - 10_000);
        driver.Feed("bob", ClickJson.ProductAdded("shoe", 50), shard: 1);
        AssertCommitsAfter(driver, 5, shards: 2);
    }

    [Fact]
    public void A_prompt_does_not_wait_for_the_rows_of_other_shards_and_these_not_for_longer_than_they_would_have()
    {
        using var driver = new ShardDriver(new DriverOptions
        {
            Shards = 2,
            Engine = new EngineOptions { LingerMsMin = 5, LingerMsMax = 50, SettleMs = 0 },
            Tactics = TacticSet.Compile(TacticExamples.Set(TacticExamples.ExitIntent("stay")), Currency.Parse("EUR")),
        });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Advance(3, stepMs: 1);
        driver.Feed("bob", ClickJson.Track("Exit Intent Detected"), shard: 1);
        driver.Settle();
        Assert.Equal(["stay"], driver.Decisions);
        Assert.Equal(1, driver.Worker.Stats.Commits);
        driver.Advance(1);
        Assert.Equal(1, driver.Worker.Stats.Commits);
        driver.Advance(1);
        // Hers, and that the prompt was received.
        Assert.Equal(3, driver.Worker.Stats.Commits);
    }
}
