using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Outlets;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Kafka.Tests;

/// <summary>What is at the end of the actions topic is read back, and only so far as asked.</summary>
public abstract class PublishedTailContract(TestCluster cluster)
{
    private static readonly TimeSpan FlushMax = TimeSpan.FromSeconds(30);

    private static void Publish(KafkaSettings settings, int shard, int from, int count)
    {
        using var outlet = new KafkaOutlet(settings, TopicCheck.Run(settings, TestTime.Max), TimeProvider.System, NullLogger<KafkaOutlet>.Instance);
        for (var i = from; i < from + count; i++)
            Assert.True(outlet.TrySend(new OutgoingMessage(Destination.Actions, shard, i, "v"u8.ToArray(), Encoding.UTF8.GetBytes($"{i}"), [new("ce_id", $"{shard}-{i}")])));
        Assert.True(outlet.Flush(FlushMax));
    }

    private static PublishedTail Open(KafkaSettings settings) => new(settings, TimeProvider.System, NullLogger<PublishedTail>.Instance);

    private static string[] Ids(int shard, int from, int count) => [.. Enumerable.Range(from, count).Select(i => $"{shard}-{i}").Order(StringComparer.Ordinal)];

    [Fact]
    public void The_newest_ids_of_a_partition_are_found_again_and_again()
    {
        var settings = cluster.NewTopics(2);
        using var tail = Open(settings);
        Assert.Empty(tail.Read(0, 100));
        Publish(settings, shard: 0, from: 0, count: 50);
        Publish(settings, shard: 1, from: 0, count: 5);
        Assert.Equal(Ids(0, 40, 10), tail.Read(0, 10).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(Ids(0, 0, 50), tail.Read(0, 1_000).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(Ids(1, 0, 5), tail.Read(1, 1_000).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Publish(settings, shard: 0, from: 50, count: 3);
        Assert.Equal(Ids(0, 50, 3), tail.Read(0, 3).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Several_threads_may_ask_at_once()
    {
        var settings = cluster.NewTopics(4);
        for (var shard = 0; shard < 4; shard++)
            Publish(settings, shard, from: 0, count: 100);
        using var tail = Open(settings);
        var found = new int[4];
        Parallel.For(0, 4, shard => found[shard] = tail.Read(shard, 60).Count);
        Assert.Equal([60, 60, 60, 60], found);
    }

    [Fact]
    public void Twenty_thousand_are_read_within_the_time_there_is()
    {
        var settings = cluster.NewTopics(1);
        Publish(settings, shard: 0, from: 0, count: 20_000);
        using var tail = Open(settings);
        Assert.Equal(20_000, tail.Read(0, 20_000).Count);
    }
}

public sealed class EmbeddedPublishedTailTests(EmbeddedCluster cluster) : PublishedTailContract(cluster), IClassFixture<EmbeddedCluster>;

[Collection(RealBrokerCollection.Name)]
public sealed class RealPublishedTailTests(RealCluster cluster) : PublishedTailContract(cluster)
{
    private readonly RealCluster _cluster = cluster;

    [Fact]
    public void Reading_back_takes_a_few_ms_and_a_little_more_for_many()
    {
        var settings = _cluster.NewTopics(2);
        PublishInto(settings, 0, 10);
        PublishInto(settings, 1, 20_000);
        using var tail = new PublishedTail(settings, TimeProvider.System, NullLogger<PublishedTail>.Instance);
        var first = Measure(() => tail.Read(0, 10));
        var again = Measure(() => tail.Read(0, 10));
        var many = Measure(() => tail.Read(1, 20_000));
        TestContext.Current.TestOutputHelper!.WriteLine($"first {first:F0} ms, again {again:F0} ms, 20,000 records {many:F0} ms");
        Assert.InRange(again, 0, 2_000);
    }

    private static double Measure(Func<IReadOnlySet<string>> read)
    {
        var start = TestTime.Now;
        Assert.NotEmpty(read());
        return TestTime.Since(start).TotalMilliseconds;
    }

    private static void PublishInto(KafkaSettings settings, int shard, int count)
    {
        using var outlet = new KafkaOutlet(settings, TopicCheck.Run(settings, TestTime.Max), TimeProvider.System, NullLogger<KafkaOutlet>.Instance);
        var value = new byte[1_200];
        for (var i = 0; i < count; i++)
            Assert.True(outlet.TrySend(new OutgoingMessage(Destination.Actions, shard, i, "v"u8.ToArray(), value, [new("ce_id", $"{i}")])));
        Assert.True(outlet.Flush(TimeSpan.FromSeconds(30)));
    }
}

public sealed class PublishedTailWithoutBrokerTests
{
    [Fact]
    public void A_broker_that_does_not_answer_costs_two_seconds_once_and_nothing_is_found()
    {
        using var tail = new PublishedTail(new KafkaSettings { BootstrapServers = "127.0.0.1:1" }, TimeProvider.System, NullLogger<PublishedTail>.Instance);
        var start = TestTime.Now;
        Assert.Empty(tail.Read(0, 10));
        var first = TestTime.Since(start);
        Assert.InRange(first, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        start = TestTime.Now;
        for (var shard = 0; shard < 64; shard++)
            Assert.Empty(tail.Read(shard, 10));
        Assert.InRange(TestTime.Since(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }
}
