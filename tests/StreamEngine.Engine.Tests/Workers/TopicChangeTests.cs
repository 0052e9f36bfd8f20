using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>A topic that is not the one that was read, or that does not hold what was not read yet, stops its shard; a person decides.</summary>
public sealed class TopicChangeTests
{
    private const long Minute = 60_000;

    private static ShardDriver WithClicks(int count, DriverOptions? options = null)
    {
        var driver = new ShardDriver(options);
        for (var i = 0; i < count; i++)
        {
            driver.Feed("ann", ClickJson.ProductAdded("shoe" + i, 50));
            driver.Advance(1_000);
        }
        return driver;
    }

    [Fact]
    public void A_topic_that_was_made_anew_and_has_grown_past_the_offset_stops_its_shard_before_a_record_is_read()
    {
        using var driver = WithClicks(3);
        driver.Topic.MakeAnew(0);
        for (var i = 0; i < 10; i++)
        {
            driver.Feed("bob", ClickJson.ProductAdded("hat" + i, 10));
        }
        driver.Crash();
        driver.Advance(5_000);
        var reason = driver.Worker.Stats.Stopped[0];
        Assert.Contains("The record at offset 2 is of 2026-03-02 10:00:03.000Z, the one that was read there was of 2026-03-02 10:00:02.000Z: the topic was deleted and made anew", reason, StringComparison.Ordinal);
        Assert.Contains("streamengine shard forget 0", reason, StringComparison.Ordinal);
        driver.Advance(40 * Minute);
        Assert.Equal(3, driver.Memory.ReadShard(0).NextOffset);
        Assert.Equal(0, driver.Worker.Stats.Shards.Sum(shard => shard.Clicks));
        Assert.Empty(driver.Rows);
    }

    [Fact]
    public void It_is_noticed_as_soon_as_the_new_topic_reaches_the_offset()
    {
        using var driver = WithClicks(3);
        driver.Topic.MakeAnew(0);
        driver.Feed("bob", ClickJson.ProductAdded("hat", 10));
        driver.Crash();
        driver.Advance(Minute);
        Assert.Empty(driver.Worker.Stats.Stopped);
        driver.Feed("bob", ClickJson.ProductAdded("hat", 10));
        driver.Feed("bob", ClickJson.ProductAdded("hat", 10));
        driver.Advance(1_000);
        Assert.Contains("made anew", driver.Worker.Stats.Stopped[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_record_before_the_offset_is_looked_at_and_not_handled_again()
    {
        using var driver = WithClicks(3);
        driver.Crash();
        driver.Advance(1_000);
        Assert.Empty(driver.Worker.Stats.Stopped);
        Assert.Equal(0, driver.Worker.Stats.Shards.Sum(shard => shard.Clicks));
        driver.Feed("ann", ClickJson.ProductAdded("hat", 10));
        driver.Advance(1_000);
        Assert.Equal(1, driver.Worker.Stats.Shards.Sum(shard => shard.Clicks));
        Assert.Equal(4, driver.Memory.ReadShard(0).NextOffset);
    }

    [Fact]
    public void Where_retention_has_taken_only_what_was_read_the_shard_goes_on()
    {
        using var driver = WithClicks(3);
        driver.Crash();
        driver.Worker.RunOnce();
        driver.Source.LoseOffset(0, "asked for offset 2, the log is empty and goes on at 3");
        driver.Advance(1_000);
        Assert.Empty(driver.Worker.Stats.Stopped);
        driver.Feed("ann", ClickJson.ProductAdded("hat", 10));
        driver.Advance(1_000);
        Assert.Equal(4, driver.Memory.ReadShard(0).NextOffset);
    }

    [Fact]
    public void An_offset_that_is_gone_is_told_with_what_can_be_done()
    {
        using var driver = WithClicks(3);
        driver.Source.LoseOffset(0, "asked for offset 3, the log holds 400 to 899: 3 to 399 were deleted, by retention or by hand");
        driver.Advance(1_000);
        Assert.Contains("the log holds 400 to 899", driver.Worker.Stats.Stopped[0], StringComparison.Ordinal);
        Assert.Contains("'streamengine shard skip-to 0 OFFSET'", driver.Worker.Stats.Stopped[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_partition_more_than_the_store_was_made_for_ends_the_node_with_what_was_found()
    {
        using var driver = WithClicks(3);
        driver.Source.Assign(1);
        var error = Assert.Throws<EngineFatalException>(() => driver.Advance(1_000));
        Assert.Contains("The topic clicks has at least 2 partitions now, and this store was made for 1", error.Message, StringComparison.Ordinal);
    }
}
