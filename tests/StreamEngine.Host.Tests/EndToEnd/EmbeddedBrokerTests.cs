using StreamEngine.Carts.Clicks;
using StreamEngine.Host.Screen;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using Xunit;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>The whole way in one process: shoppers, Kafka, workers, database, Kafka, subscriber.</summary>
public sealed class EmbeddedBrokerTests : IDisposable
{
    private const int Partitions = 8;

    /// <summary>About 40,000 clicks: the embedded broker keeps 5 MB of a partition.</summary>
    private static readonly ShopperOptions s_shoppers = new() { Seed = 11, Shoppers = 4_500, ClicksPerSecond = 40, CartShare = 0.3, DuplicateShare = 0.02, LateShare = 0.02 };

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task One_worker_or_two_find_what_the_shoppers_planned_and_publish_each_action_once()
    {
        using var one = NewShop("one", workers: 1);
        using var two = NewShop("two", workers: 2);
        var planned = one.Send(s_shoppers);
        Assert.InRange(planned.Records, 25_000, 60_000);

        var factsOfOne = await PlayAsync(one, planned);
        var factsOfTwo = await PlayAsync(two, planned);

        Assert.Equal(factsOfOne, factsOfTwo);
        Assert.Equal(planned.CartsAbandoned + planned.CartsRecovered, factsOfOne.Count);
    }

    [Fact]
    public async Task A_topic_without_a_click_is_caught_up_with_at_once()
    {
        using var shop = NewShop("empty", workers: 1);
        using var node = shop.Start();
        await node.Engine.Ended.WaitAsync(Shop.Patience);
        Assert.True(node.CatchUp!.IsDone);
    }

    [Fact]
    public async Task Catching_up_twice_changes_nothing_the_second_time()
    {
        using var shop = NewShop("twice", workers: 2);
        var planned = shop.Send(s_shoppers with { Shoppers = 500 });
        for (var run = 0; run < 2; run++)
        {
            using var node = shop.Start();
            await node.Engine.Ended.WaitAsync(Shop.Patience);
            Assert.Equal(run == 0 ? planned.Records : 0, EngineSnapshot.Of(node.Engine.Workers).Clicks);
        }
        using var store = shop.OpenStore();
        Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(store.ReadSummary()));
        using var subscriber = new Subscriber(shop);
        Assert.Equal(0, subscriber.CheckAgainstStore());
    }

    private static async Task<SortedSet<string>> PlayAsync(Shop shop, ExpectedFigures planned)
    {
        using (var node = shop.Start())
        {
            await node.Engine.Ended.WaitAsync(Shop.Patience);
            var last = EngineSnapshot.Of(node.Engine.Workers);
            Assert.Equal(planned.Records, last.Clicks);
            Assert.Equal(
                ShopFigures.NoticedDuplicates(planned), last.Verdicts.Single(static v => v.Verdict == Verdict.Duplicate).Count);
            Assert.Equal((0, 0), (last.MisroutedKeys, last.Stopped.Count));
            Assert.Equal(last.EmittedActions, last.Published);
        }
        using var store = shop.OpenStore();
        var summary = store.ReadSummary();
        Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(summary));
        Assert.Equal(planned.Records, summary.Shards.Sum(static shard => shard.NextOffset));
        Assert.All(summary.Shards, static shard => Assert.Equal(shard.ActionSeq, shard.PublishedSeq));
        Assert.Empty(summary.DeadLettersByReason);

        using var subscriber = new Subscriber(shop);
        Assert.Equal(0, subscriber.CheckAgainstStore());
        return [.. subscriber.Actions
            .Where(static action => action.Header("ce_type") is "streamengine.cart_abandoned" or "streamengine.cart_recovered")
            .Select(static action => action.Header("ce_id")!)];
    }

    /// <summary>Shops read the same clicks unless they are named apart, and publish to topics of their own.</summary>
    private Shop NewShop(string name, int workers)
    {
        var clicks = name is "one" or "two" ? "clicks" : "clicks-" + name;
        var shop = new Shop(
            new KafkaPart
            {
                BootstrapServers = _broker.BootstrapServers,
                ClicksTopic = clicks,
                ActionsTopic = "actions-" + name,
                DeadTopic = "dead-" + name,
                GroupId = name,
                // The embedded broker waits about a session timeout for members to join again.
                Client = new Dictionary<string, string>(StringComparer.Ordinal) { ["session.timeout.ms"] = "5000", ["heartbeat.interval.ms"] = "200" },
            },
            workers);
        foreach (var topic in (string[])[shop.Kafka.ActionsTopic, shop.Kafka.DeadTopic, .. (name is "two" ? Array.Empty<string>() : [clicks])])
        {
            _broker.CreateTopic(topic, Partitions);
        }
        return shop;
    }
}
