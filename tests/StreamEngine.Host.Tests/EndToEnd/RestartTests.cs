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
        using var shop = new Shop(cluster.NewTopics(8));
        var planned = shop.Send(s_shoppers);
        Assert.InRange(planned.Records, 120_000, 300_000);
        using var subscriber = new Subscriber(shop);

        await EndThreeTimesAsync(shop, subscriber, "TERM", exitCode: 0);
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

        await EndThreeTimesAsync(shop, subscriber, "KILL", exitCode: 137);
        await CatchUpAsync(shop);

        AssertFigures(shop, planned);
        AssertRepeats(subscriber);
    }

    /// <summary>
    /// Processes of their own, as in a shop: a member that does not get away from its group in time, because that was rebalancing, is gone with its process. In this
    /// one it would live on, and the group would wait for it.
    /// </summary>
    private static async Task EndThreeTimesAsync(Shop shop, Subscriber subscriber, string signal, int exitCode)
    {
        for (var end = 1; end <= 3; end++)
        {
            using var engine = EngineProcess.Start(shop.Directory, ["run", .. shop.Arguments]);
            // What the subscriber gets before may be of the one that ended.
            await engine.LineAsync("taken over");
            subscriber.WaitFor(subscriber.Actions.Count + 1_500);
            engine.Signal(signal);
            var ended = await engine.EndAsync();
            Assert.True(ended.ExitCode == exitCode, $"exit code {ended.ExitCode}: {ended.Error}");
        }
    }

    private static async Task CatchUpAsync(Shop shop)
    {
        using var last = EngineProcess.Start(shop.Directory, ["run", "--until-caught-up", "--json", .. shop.Arguments]);
        var end = await last.EndAsync();
        Assert.True(end.ExitCode == 0, end.Error);
    }

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
