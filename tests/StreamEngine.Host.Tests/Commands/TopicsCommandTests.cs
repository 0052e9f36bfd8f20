using Confluent.Kafka;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.Kafka.Topics;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

[Collection(RealBrokerCollection.Name)]
public sealed class TopicsCommandTests(RealCluster cluster)
{
    [Fact]
    public async Task Topics_are_created_once_and_then_left_as_they_are()
    {
        using var shop = new Shop(cluster.Unused());
        foreach (var (partitions, said) in ((string, string)[])[("3", "created"), ("5", "was there")])
        {
            var create = await ChildProcess.StreamEngineAsync(shop.Directory, ["topics", "create", "--partitions", partitions, .. shop.Arguments]);
            Assert.True(create.ExitCode == 0, create.Error);
            Assert.Equal(
                [$"{shop.Kafka.ClicksTopic}: {said}, 3 partitions", $"{shop.Kafka.ActionsTopic}: {said}, 3 partitions", $"{shop.Kafka.DeadTopic}: {said}, 3 partitions"],
                create.Output.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public async Task A_shard_whose_clicks_are_gone_does_not_hold_up_the_end_of_a_run_but_its_exit_code_tells()
    {
        using var shop = new Shop(cluster.NewTopics(2));
        shop.Send(new ShopperOptions { Shoppers = 40 });
        using (var node = shop.Start())
        {
            await node.Engine.Ended.WaitAsync(Shop.Patience);
        }
        shop.Send(new ShopperOptions { Shoppers = 40, Seed = 2 });
        long next;
        using (var store = shop.OpenStore())
        {
            next = store.ReadSummary().Shards[1].NextOffset;
        }
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = shop.Kafka.BootstrapServers }).Build())
        {
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(shop.Kafka.ClicksTopic, 1, next + 1)]);
        }

        var run = await ChildProcess.StreamEngineAsync(shop.Directory, ["run", "--until-caught-up", .. shop.Arguments]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Stopped.", run.Output, StringComparison.Ordinal);
        Assert.Contains("streamengine: shard 1 did not catch up: asked for offset", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generated_stream_in_the_topic_is_found_as_planned_by_a_run_until_caught_up()
    {
        using var shop = new Shop(cluster.NewTopics(3));
        var generate = await ChildProcess.StreamEngineAsync(
            shop.Directory, ["generate", "--shoppers", "800", "--rate", "10", "--cart-share", "0.5", "--expected", "expected.json", .. shop.Arguments]);
        Assert.True(generate.ExitCode == 0, generate.Error);
        var run = await ChildProcess.StreamEngineAsync(shop.Directory, ["run", "--until-caught-up", "--json", .. shop.Arguments]);
        Assert.True(run.ExitCode == 0, run.Error);

        var planned = ExpectedFigures.FromJson(await File.ReadAllTextAsync(Path.Combine(shop.Directory, "expected.json")));
        using var store = shop.OpenStore();
        Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(store.ReadSummary()));
    }

    [Fact]
    public async Task A_prepared_topic_is_made_and_filled_once_and_holds_what_its_figures_say()
    {
        using var shop = new Shop(cluster.Unused());
        var name = shop.Kafka.ClicksTopic + ".prepared";
        string[] fill = ["generate", "--topic", name, "--partitions", "3", "--shoppers", "50", "--expected", "expected.json", .. shop.Arguments];
        var first = await ChildProcess.StreamEngineAsync(shop.Directory, fill);
        Assert.True(first.ExitCode == 0, first.Error);
        var expected = await File.ReadAllTextAsync(Path.Combine(shop.Directory, "expected.json"));
        var kafka = shop.Kafka with { ClicksTopic = name };
        var ends = LogEnds.Ask(kafka, partitions: 3, TimeSpan.FromSeconds(30));
        Assert.Equal(ExpectedFigures.FromJson(expected).Records, ends.Sum());
        Assert.All(ends, static end => Assert.NotEqual(0, end));

        // A second stream would make the figures of either a lie.
        var second = await ChildProcess.StreamEngineAsync(shop.Directory, fill);
        Assert.Equal(2, second.ExitCode);
        Assert.Contains("holds", second.Error, StringComparison.Ordinal);
        Assert.Equal(ends, LogEnds.Ask(kafka, partitions: 3, TimeSpan.FromSeconds(30)));
    }
}
