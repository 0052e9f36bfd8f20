using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Stores;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka.Topics;
using StreamEngine.Storage.Sqlite;
using Xunit;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>Somebody deletes the clicks topic and makes it anew under its old name.</summary>
[Collection(RealBrokerCollection.Name)]
public sealed class TopicMadeAnewTests(RealCluster cluster)
{
    private const int Partitions = 2;

    private static readonly ShopperOptions s_shoppers = new() { Seed = 11, Shoppers = 300, ClicksPerSecond = 50, CartShare = 0.3 };

    [Theory]
    [InlineData(30, "the topic was deleted and made anew, or the broker has lost records")]
    [InlineData(900, "the one that was read there was of")]
    public async Task Its_shards_stop_and_begin_anew_when_an_operator_says_so(int newShoppers, string said)
    {
        using var shop = new Shop(cluster.NewTopics(Partitions), workers: 1);
        shop.Send(s_shoppers);
        Assert.Empty(await RunAsync(shop));
        var before = ReadOffsets(shop);
        Assert.All(before, static offset => Assert.True(offset > 100));

        await MakeAnewAsync(shop);
        var planned = shop.Send(s_shoppers with { Seed = 12, Shoppers = newShoppers });
        var stopped = await RunAsync(shop);
        Assert.Equal(Partitions, stopped.Count);
        Assert.All(stopped.Values, reason => Assert.Contains(said, reason, StringComparison.Ordinal));
        Assert.Equal(before, ReadOffsets(shop));

        using (var store = new SqliteShardStore(new SqliteStoreOptions { Path = shop.Database }, TimeProvider.System, NullLogger<SqliteShardStore>.Instance))
        {
            for (var shard = 0; shard < Partitions; shard++)
            {
                store.Repair(new ShardRepair(shard, store.ReadShard(shard).Epoch, RepairKind.Forget, -1, "a test", "the topic was made anew", 1));
            }
        }
        Assert.Empty(await RunAsync(shop));
        Assert.Equal(planned.Records, ReadOffsets(shop).Sum());
    }

    private static async Task<IReadOnlyDictionary<int, string>> RunAsync(Shop shop)
    {
        using var node = shop.Start();
        await node.Engine.Ended.WaitAsync(Shop.Patience);
        return node.CatchUp!.Stopped;
    }

    private static List<long> ReadOffsets(Shop shop)
    {
        using var reader = shop.OpenStore();
        return [.. Enumerable.Range(0, Partitions).Select(shard => reader.ReadShard(shard).NextOffset)];
    }

    private static async Task MakeAnewAsync(Shop shop)
    {
        var kafka = shop.Settings.Kafka;
        using var admin = new AdminClientBuilder([new("bootstrap.servers", kafka.BootstrapServers)]).Build();
        await admin.DeleteTopicsAsync([kafka.ClicksTopic]);
        var start = TimeProvider.System.GetTimestamp();
        // The name is free when the broker has cleared up.
        while (!TopicCreation.Run(RunningNode.KafkaOf(kafka), new TopicPlan(Partitions, ProducersTime: true), Shop.Patience)[0].Created)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Shop.Patience, "the topic does not go away");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
