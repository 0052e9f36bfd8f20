using StreamEngine.Host.Nodes;
using StreamEngine.Host.Shoppers;
using Xunit;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>An engine that ends in the middle, in order or not, and is started again on the same database, goes on as if it had never ended.</summary>
[Collection(RealBrokerCollection.Name)]
public sealed class RestartTests(RealCluster cluster)
{
    private static readonly ShopperOptions s_shoppers = new() { Seed = 5, Shoppers = 22_000, ClicksPerSecond = 200, CartShare = 0.3, DuplicateShare = 0.01, LateShare = 0.01 };

    [Fact]
    public async Task Stopped_three_times_in_the_middle_it_finds_what_the_shoppers_planned_and_loses_no_action()
    {
        using var shop = new Shop(cluster.NewTopics(8), workers: 2);
        var planned = shop.Send(s_shoppers);
        Assert.InRange(planned.Records, 120_000, 300_000);
        using var subscriber = new Subscriber(shop);

        for (var stop = 1; stop <= 3; stop++)
        {
            using var node = shop.Start();
            subscriber.WaitFor(subscriber.Actions.Count + 1_500);
            node.Engine.Stop();
            await node.Engine.Ended.WaitAsync(Shop.Patience);
            Assert.False(node.CatchUp!.IsDone);
        }
        await CatchUpAsync(shop);

        AssertFigures(shop, planned);
        // Who stops in order notes what was published: nobody sends it again.
        Assert.Equal(0, subscriber.CheckAgainstStore());
    }

    [Fact]
    public async Task Killed_three_times_under_load_it_finds_what_the_shoppers_planned_and_loses_no_action()
    {
        using var shop = new Shop(cluster.NewTopics(8));
        var planned = shop.Send(s_shoppers with { Seed = 6 });
        using var subscriber = new Subscriber(shop);

        for (var kill = 1; kill <= 3; kill++)
        {
            using var engine = EngineProcess.Start(shop.Directory, ["run", .. shop.Arguments]);
            subscriber.WaitFor(subscriber.Actions.Count + 1_500);
            engine.Signal("KILL");
            Assert.Equal(137, (await engine.EndAsync()).ExitCode);
        }
        using (var last = EngineProcess.Start(shop.Directory, ["run", "--until-caught-up", "--json", .. shop.Arguments]))
        {
            var end = await last.EndAsync();
            Assert.True(end.ExitCode == 0, end.Error);
        }

        AssertFigures(shop, planned);
        AssertRepeats(subscriber);
    }

    private static async Task CatchUpAsync(Shop shop)
    {
        using var node = shop.Start();
        await Task.WhenAny(node.Engine.Ended, Task.Delay(Shop.Patience, TimeProvider.System));
        Assert.True(node.Engine.Ended.IsCompleted, $"It did not catch up: {Standing(node)}");
        await node.Engine.Ended;
        Assert.True(node.CatchUp!.IsDone);
    }

    private static string Standing(RunningNode node) => string.Join("; ", node.Engine.Workers.Select(static (worker, i) =>
        $"worker {i}: {string.Join(", ", worker.Stats.Progress.Shards.Select(static shard => $"shard {shard.Shard} {shard.State} at {shard.NextOffset}, all read: {shard.HasReadEverything}, unpublished {shard.Unpublished}"))}"));

    private static void AssertFigures(Shop shop, ExpectedFigures planned)
    {
        using var store = shop.OpenStore();
        var summary = store.ReadSummary();
        Assert.Equal(planned.Records, summary.Shards.Sum(static shard => shard.NextOffset));
        Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(summary));
        Assert.All(summary.Shards, static shard => Assert.Equal(shard.ActionSeq, shard.PublishedSeq));
    }

    /// <summary>What was published and not yet noted as published is sent again; each id no more often than the engine was started.</summary>
    private static void AssertRepeats(Subscriber subscriber)
    {
        Assert.InRange(subscriber.CheckAgainstStore(), 0, subscriber.Actions.Count / 2);
        Assert.All(subscriber.Actions.CountBy(static action => action.Header("ce_id")!, StringComparer.Ordinal), static id => Assert.InRange(id.Value, 1, 4));
    }
}
