using StreamEngine.Engine.Workers;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class CatchUpTests
{
    private const long Minute = 60_000;
    private const long Start = FakeTime.StartMs;

    private static ShardDriver Over(ClickTopic topic) => new(
        new DriverOptions
        {
            Shards = topic.PartitionCount,
            CatchUp = clicks => new CatchUp([.. Enumerable.Range(0, clicks.PartitionCount).Select(clicks.End)]),
        },
        topic);

    private static ClickTopic Clicks(int partitions)
    {
        var topic = new ClickTopic(partitions);
        topic.Append(0, "ann"u8.ToArray(), ClickJson.ProductAdded("shoe", 50), Start - 300 * Minute);
        topic.Append(0, "bob"u8.ToArray(), ClickJson.ProductAdded("hat", 20), Start - 265 * Minute);
        return topic;
    }

    [Fact]
    public void It_ends_when_all_that_was_there_is_committed_and_published()
    {
        using var driver = Over(Clicks(1));
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(Minute);
        Assert.False(driver.CatchUp!.IsDone);
        driver.Outlet.OutstandingMax = 10;
        driver.Settle();
        Assert.True(driver.CatchUp.IsDone);
        Assert.Single(driver.Actions);
        Assert.Equal(2, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void It_does_not_follow_the_wall_so_the_result_depends_on_the_records_alone()
    {
        using var driver = Over(Clicks(1));
        driver.Advance(10 * 60 * Minute, stepMs: Minute);
        Assert.Equal("ann", Assert.Single(driver.Rows).Visitor);
    }

    [Fact]
    public void Empty_partitions_do_not_keep_it_from_ending()
    {
        using var driver = Over(Clicks(3));
        driver.Settle();
        Assert.True(driver.CatchUp!.IsDone);
    }

    [Fact]
    public void The_marks_of_a_transaction_at_the_end_of_the_log_do_not_keep_it_from_ending()
    {
        var topic = Clicks(2);
        topic.Mark(0, 3);
        topic.Mark(1, 1);
        using var driver = Over(topic);
        driver.Settle();
        Assert.True(driver.CatchUp!.IsDone);
        Assert.Equal([(0, 5L), (1, 1L)], driver.Store.Seen.GroupBy(c => c.Shard).Select(g => (g.Key, g.Max(c => c.NextOffset))).Order());
    }

    [Fact]
    public void Behind_the_marks_of_a_transaction_deadlines_are_on_time()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Topic.Mark(0, 1);
        driver.Advance(30 * Minute - 10);
        Assert.Empty(driver.Rows);
        driver.Advance(10);
        Assert.Equal("cart_abandoned", Assert.Single(driver.Rows).Tactic);
        driver.Crash();
        driver.Feed("ann", ClickJson.ProductAdded("hat", 20));
        driver.Settle();
        Assert.Equal(3, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void A_shard_that_stands_still_does_not_keep_it_from_ending()
    {
        using var driver = Over(Clicks(2));
        driver.Source.LoseOffset(0, "Offset 0 of clicks/0 is gone");
        driver.Settle();
        Assert.True(driver.CatchUp!.IsDone);
        Assert.NotEmpty(driver.Worker.Stats.Stopped);
    }

    [Fact]
    public void It_ends_by_itself_and_its_figures_remain()
    {
        using var driver = Over(Clicks(2));
        driver.Worker.Run(CancellationToken.None);
        Assert.Equal(2, driver.Worker.Stats.Shards.Sum(s => s.Clicks));
        Assert.Equal(1, driver.Worker.Stats.Shards.Sum(s => s.Sessions(Carts.Sessions.CartPhase.Abandoned)));
    }
}
