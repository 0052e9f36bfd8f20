using StreamEngine.Host.Tests.EndToEnd;
using Xunit;

namespace StreamEngine.Host.Tests.Chaos;

/// <summary>Kafka:InstanceId, the name under which a node is known to the group beyond its death.</summary>
[Collection(RealBrokerCollection.Name)]
public sealed class InstanceTests(RealCluster cluster)
{
    [Fact]
    public async Task A_second_node_under_the_same_name_ends_the_first_with_one_message()
    {
        var kafka = cluster.NewTopics(2) with { InstanceId = "node-1" };
        using var shop = new Shop(kafka, workers: 1);
        using var other = new Shop(kafka, workers: 1);
        using var first = EngineProcess.Start(shop.Directory, ["run", .. shop.Arguments]);
        await first.LineAsync("taken over");
        using var second = EngineProcess.Start(other.Directory, ["run", .. other.Arguments]);

        var end = await first.EndAsync();
        Assert.NotEqual(0, end.ExitCode);
        Assert.Contains("Another process has joined the group under the same name and has taken the shards over: give each node its own Kafka:InstanceId.", end.Error, StringComparison.Ordinal);
        await second.LineAsync("taken over");
    }
}
