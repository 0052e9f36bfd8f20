using System.Text;
using StreamEngine.Carts.Clicks;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Shards;

/// <summary>What a visitor costs while resident, with everything that points to the session: table, deadline, log. Measured on the whole heap, so nothing else may run beside.</summary>
[CollectionDefinition(nameof(SessionMemoryTests), DisableParallelization = true)]
[Collection(nameof(SessionMemoryTests))]
public sealed class SessionMemoryTests(ITestOutputHelper output)
{
    private const int Sessions = 100_000;

    [Fact]
    public void Who_browses_costs_less_than_the_bound() =>
        AssertBytesMax(350, [ClickJson.Page("home"), ClickJson.Track("Product Viewed", """{"product_id":"sku-00017"}""")]);

    [Fact]
    public void A_cart_of_three_lines_costs_less_than_the_bound() =>
        AssertBytesMax(530, [
            ClickJson.Page("cart"), ClickJson.ProductAdded("sku-00017", 12.5m, "m-1"), ClickJson.ProductAdded("sku-00018", 8m, "m-2"),
            ClickJson.ProductAdded("sku-00019", 99.9m, "m-3")]);

    /// <summary>What is not given back when a session ends adds up: here 0.5 MB a round.</summary>
    [Fact]
    public void Carts_that_come_after_others_have_gone_take_no_more_memory()
    {
        const int Carts = 20_000;
        var rules = new ShardRules(new(), TestTactics.Standard, new(), "clicks", 1);
        var shard = new Shard(new ShardLease(0, "a", 1, 0, -1, 0, 0, 0, []), rules, new ShardFaults());
        var parser = new ClickParser(new ClickOptions());
        var timeMs = FakeTime.StartMs;
        var offset = 0L;
        var after = new List<long>();
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < Carts; i++)
            {
                var key = Encoding.UTF8.GetBytes($"visitor-{round}-{i:x12}");
                foreach (var product in (ReadOnlySpan<string>)["sku-00017", "sku-00018", "sku-00019"])
                {
                    shard.Handle(
                        new ClickRecord { Offset = offset, TimestampMs = timeMs, IsLogAppendTime = true, Key = key, Value = ClickJson.ProductAdded(product, 8m, $"m-{offset++}") }, parser, timeMs);
                }
            }
            shard.BuildCommit(new ShardCommit());
            while (shard.SessionCount > 0)
            {
                shard.AdvanceTo(timeMs += 86_400_000);
                while (shard.FireDeadlines(10_000, timeMs) > 0)
                {
                    // Until nothing is due.
                }
                shard.BuildCommit(new ShardCommit());
            }
            after.Add(GC.GetTotalMemory(forceFullCollection: true));
        }
        output.WriteLine(string.Join(", ", after.Select(static bytes => $"{bytes:N0}")));
        Assert.InRange(after[^1] - after[0], long.MinValue, 200_000);
        GC.KeepAlive(shard);
    }

    private void AssertBytesMax(double bytesMax, byte[][] values)
    {
        var rules = new ShardRules(new(), TestTactics.Standard, new(), "clicks", 1);
        var shard = new Shard(new ShardLease(0, "a", 1, 0, -1, 0, 0, 0, []), rules, new ShardFaults());
        var parser = new ClickParser(new ClickOptions());
        var keys = Enumerable.Range(0, Sessions).Select(static i => Encoding.UTF8.GetBytes($"9cbc525f-737e-48c8-a83b-{i:x12}")).ToArray();
        var commit = new ShardCommit();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var offset = 0L;
        foreach (var key in keys)
        {
            foreach (var value in values)
            {
                var timeMs = FakeTime.StartMs + offset / 1_000;
                shard.Handle(new ClickRecord { Offset = offset++, TimestampMs = timeMs, IsLogAppendTime = true, Key = key, Value = value }, parser, timeMs);
            }
            if (offset % 1_000 == 0)
            {
                commit = shard.BuildCommit(new ShardCommit());
                commit.Reset();
            }
        }
        shard.BuildCommit(commit).Reset();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Sessions;
        output.WriteLine($"{bytes:F0} B a session, of {shard.SessionCount} sessions");
        Assert.Equal(Sessions, shard.SessionCount);
        Assert.InRange(bytes, 1, bytesMax);
        GC.KeepAlive(shard);
    }
}
