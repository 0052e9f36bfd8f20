using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Workers;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Sources;
using StreamEngine.Kafka.Topics;
using StreamEngine.Storage.Sqlite;
using Xunit;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>Nodes come and go under load on one database; each in this process, with threads, consumers and producers of its own.</summary>
[Collection(RealBrokerCollection.Name)]
public sealed class HandOverTests(RealCluster cluster, ITestOutputHelper output)
{
    private const int Partitions = 8;

    private static readonly ShopperOptions s_shoppers = new() { Seed = 9, Shoppers = 20_000, ClicksPerSecond = 200, CartShare = 0.3, DuplicateShare = 0.01, LateShare = 0.01 };

    [Fact]
    public async Task A_node_that_stops_in_order_hands_its_shards_over_at_once_and_nothing_is_lost_or_repeated()
    {
        using var shop = new Shop(cluster.NewTopics(Partitions));
        using var store = new SqliteShardStore(new SqliteStoreOptions { Path = shop.Database }, TimeProvider.System, NullLogger<SqliteShardStore>.Instance);
        store.Provision(shop.Kafka.ClicksTopic, Partitions);
        using var tail = new PublishedTail(shop.Kafka, TimeProvider.System, NullLogger<PublishedTail>.Instance);
        using var first = Node(shop, store, tail, "node-1");
        first.Start();
        await UntilAsync(() => Open(first) == Partitions);

        using var second = Node(shop, store, tail, "node-2");
        second.Start();
        await UntilAsync(() => Open(first) == Partitions / 2 && Open(second) == Partitions / 2);
        var planned = shop.Send(s_shoppers);
        using var subscriber = new Subscriber(shop);
        subscriber.WaitFor(1_000);

        var start = TimeProvider.System.GetTimestamp();
        first.Stop();
        await first.Ended.WaitAsync(Shop.Patience);
        var left = TimeProvider.System.GetElapsedTime(start);
        await UntilAsync(() => Open(second) == Partitions);
        var handedOver = TimeProvider.System.GetElapsedTime(start);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"left after {left.TotalMilliseconds:F0} ms, all shards open elsewhere after {handedOver.TotalMilliseconds:F0} ms"));
        // Half of what the group would wait for a member that does not leave in order.
        Assert.InRange(handedOver, TimeSpan.Zero, TimeSpan.FromSeconds(3));

        // The clicks are of the past: what is read is overdue at once, and fires.
        var (decided, since) = (-1L, start);
        await UntilAsync(() =>
        {
            var shards = Enumerable.Range(0, Partitions).Select(store.ReadShard).ToList();
            if (shards.Sum(static shard => shard.ActionSeq) is var now && now != decided)
            {
                (decided, since) = (now, TimeProvider.System.GetTimestamp());
            }
            return shards.Sum(static shard => shard.NextOffset) == planned.Records && shards.TrueForAll(static shard => shard.PublishedSeq == shard.ActionSeq)
                && TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(3);
        });
        second.Stop();
        await second.Ended.WaitAsync(Shop.Patience);
        output.WriteLine($"{planned.Records} clicks, {decided} actions");
        Assert.Equal(0, subscriber.CheckAgainstStore());
    }

    private static EngineNode Node(Shop shop, SqliteShardStore store, PublishedTail tail, string name)
    {
        var topics = TopicCheck.Run(shop.Kafka, Shop.Patience);
        var settings = shop.Settings;
        var rules = new ShardRules(
            settings.Sessions, TacticsLoading.Load(settings.TacticsPath, settings.Sessions.Currency), settings.Engine with { Workers = 1 }, shop.Kafka.ClicksTopic, Partitions, Murmur2.Partition);
        return new EngineNode(new NodeParts(
            _ => new KafkaClickSource(shop.Kafka, TimeProvider.System, NullLogger<KafkaClickSource>.Instance),
            _ => new KafkaOutlet(shop.Kafka, topics, TimeProvider.System, NullLogger<KafkaOutlet>.Instance),
            store, rules, settings.Clicks, name, TimeProvider.System, NullLoggerFactory.Instance)
        {
            Tail = tail.Read,
        });
    }

    private static int Open(EngineNode node) => node.Workers.Sum(static worker => worker.Stats.OpenShards);

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Shop.Patience, "it does not come to pass");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
