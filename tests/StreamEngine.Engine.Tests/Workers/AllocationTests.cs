using System.Text;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.Storage.Memory;
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
        Handle(100_000);
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

    /// <summary>The whole way: source, parser, shard, session, deadlines, encoding, commits and their outcomes, 100 clicks a commit.</summary>
    [Fact]
    public void A_warm_worker_allocates_nothing_for_clicks_of_visitors_with_carts_and_their_commits()
    {
        var time = new FakeTime();
        byte[][] values =
        [
            ClickJson.Page("cart"),
            ClickJson.Track("Cart Viewed", """{"products":[{"product_id":"shoe","price":50,"quantity":1},{"product_id":"sock","price":5,"quantity":2}]}"""),
            ClickJson.Track("Product Viewed", """{"product_id":"shoe"}"""),
            ClickJson.Page("listing"),
        ];
        using var source = new RepeatingSource(time, [.. Enumerable.Range(0, Visitors).Select(static i => Encoding.UTF8.GetBytes("visitor-" + i))], values);
        using var store = new MemoryShardStore(keep: false);
        store.Provision("clicks", 1);
        var options = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, ClicksPerLoop = 100 };
        var rules = new ShardRules(new() { ClicksPerSecondMax = 1_000, ClickBurstMax = 1_000 }, TestTactics.Standard, options, "clicks", 1);
        using var worker = new Worker(
            new WorkerParts(source, new CollectingOutlet(), store, rules, new ClickOptions(), "node-a/0", time, new ListLogger()) { StartRead = StoreReads.AtOnce });
        worker.Start();
        Turn(1_000);
        var (clicks, commits, before) = (source.Records, worker.Stats.Commits, GC.GetAllocatedBytesForCurrentThread());
        Turn(1_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((100_000, 1_000), (source.Records - clicks, worker.Stats.Commits - commits));
        Assert.Equal(Visitors, worker.Stats.Shards.Sum(static shard => shard.Sessions(CartPhase.Carting)));
        Assert.Equal(0, allocated);

        void Turn(int turns)
        {
            for (var i = 0; i < turns; i++)
            {
                // 100 clicks of 50 visitors, one every 2 ms of each: nobody is throttled.
                time.Advance(4);
                worker.RunOnce();
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
