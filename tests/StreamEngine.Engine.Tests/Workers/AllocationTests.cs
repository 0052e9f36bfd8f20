using System.Text;
using StreamEngine.Carts.Clicks;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class AllocationTests
{
    private const int Visitors = 50;

    [Fact]
    public void A_warm_shard_allocates_nothing_for_a_click_of_somebody_who_browses()
    {
        var rules = new ShardRules(new() { ClicksPerSecondMax = 1_000 }, TestTactics.Standard, new(), "clicks", 1);
        var shard = new Shard(new ShardLease(0, "a", 1, 0, -1, 0, 0, 0, []), rules, new ShardFaults());
        var parser = new ClickParser(new ClickOptions());
        var keys = Enumerable.Range(0, Visitors).Select(i => Encoding.UTF8.GetBytes("visitor-" + i)).ToArray();
        byte[][] values = [ClickJson.Page("home"), ClickJson.Page("listing"), ClickJson.Page("product"), ClickJson.Track("Product Viewed", "{\"product_id\":\"shoe\"}")];
        var offset = 0L;
        Handle(2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Handle(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Handle(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var timeMs = FakeTime.StartMs + offset;
                var record = new ClickRecord { Offset = offset, TimestampMs = timeMs, IsLogAppendTime = true, Key = keys[offset % Visitors], Value = values[offset % values.Length] };
                shard.Handle(record, parser, timeMs);
                shard.FireDeadlines(100, timeMs);
                offset++;
            }
        }
    }

    [Fact]
    public void A_turn_of_the_loop_without_work_allocates_nothing()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 8 });
        driver.Feed("ann", ClickJson.Page("home"));
        driver.Advance(5_000);
        for (var i = 0; i < 100; i++)
        {
            driver.Worker.RunOnce();
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            driver.Worker.RunOnce();
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
