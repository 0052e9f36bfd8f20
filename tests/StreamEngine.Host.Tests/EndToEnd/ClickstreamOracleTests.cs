using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Host.Clickstreams;
using StreamEngine.Host.Tactics;
using StreamEngine.Kafka;
using StreamEngine.Oracle;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>Clickstreams of real shops, through a real broker into the database: every decision and every session is the oracle's.</summary>
[Collection(RealBrokerCollection.Name)]
public sealed class ClickstreamOracleTests(RealCluster cluster, ITestOutputHelper output)
{
    private const int Partitions = 4;

    [Theory]
    [InlineData("rees46-2019-10-01-17k.csv.gz")]
    [InlineData("taobao-userbehavior-96k.csv.gz")]
    [InlineData("otto-sessions-sample.jsonl")]
    [InlineData("simple-onlineshop-32k.csv.gz")]
    public async Task A_recorded_clickstream_through_kafka_is_decided_as_the_oracle_decides_it(string name)
    {
        var path = SharedFile.PathOf("data/clickstream/" + name);
        using var shop = new Shop(cluster.NewTopics(Partitions), workers: 2);
        var partitions = Send(shop, path);

        using (var node = shop.Start())
        {
            await node.Engine.Ended.WaitAsync(Shop.Patience);
            Assert.True(node.CatchUp!.IsDone);
        }

        var oracle = new ShopOracle(new OracleRules { Tactics = TacticsFile.Read(shop.Settings.TacticsPath).Definition! });
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var store = shop.OpenStore();
        var decisions = 0;
        for (var shard = 0; shard < Partitions; shard++)
        {
            var expected = oracle.Play(partitions[shard], _ => nowMs, endMs: 0);
            Assert.Equal(
                expected.Decisions.OrderBy(static d => d.Visitor, StringComparer.Ordinal),
                store.ReadActions(shard).Select(OracleView.DecisionOf).OrderBy(static d => d.Visitor, StringComparer.Ordinal));
            Assert.Equal(
                expected.Endings.Values.Where(static e => e.IsDurable).OrderBy(static e => e.Visitor, StringComparer.Ordinal),
                StoredSessions.Read(store.ReadSegments(shard)).Values.Select(OracleView.EndingOf).OrderBy(static e => e.Visitor, StringComparer.Ordinal));
            Assert.Equal(
                expected.Verdicts.Where(static v => v.Value is "Malformed").Select(static v => v.Key).Order(), store.ReadDeadLetters(shard).Select(static d => d.Offset).Order());
            decisions += expected.Decisions.Count;
        }
        Assert.True(decisions > 0, "The oracle decided nothing: the test says nothing.");
        output.WriteLine($"{name}: {partitions.Sum(static p => p.Count)} records, {decisions} decisions");
    }

    private static List<OracleRecord>[] Send(Shop shop, string path)
    {
        List<OracleRecord>[] partitions = [.. Enumerable.Range(0, Partitions).Select(static _ => new List<OracleRecord>())];
        using var producer = new ClickProducer(shop.Kafka, TimeProvider.System, NullLogger<ClickProducer>.Instance);
        using var file = ClickstreamFile.Open(path);
        while (file.TryNext(out var click))
        {
            var (shard, value) = (Murmur2.Partition(click.Key, Partitions), click.Value.ToArray());
            partitions[shard].Add(new OracleRecord(partitions[shard].Count, click.TimeMs, IsLogAppendTime: false, click.Key, value));
            while (!producer.TryProduceTo(shard, click.Key, value, click.TimeMs))
            {
                producer.WaitForRoom(TimeSpan.FromMilliseconds(10));
            }
        }
        Assert.True(producer.Flush(Shop.Patience));
        Assert.Equal(0, producer.Failed);
        return partitions;
    }
}
