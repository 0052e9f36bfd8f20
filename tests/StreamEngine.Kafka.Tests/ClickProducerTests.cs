using Microsoft.Extensions.Logging.Abstractions;

namespace StreamEngine.Kafka.Tests;

public sealed class ClickProducerTests(EmbeddedCluster cluster) : IClassFixture<EmbeddedCluster>
{
    [Fact]
    public void Keys_go_to_the_partitions_that_Murmur2_says()
    {
        const int partitions = 7;
        var settings = cluster.NewTopics(partitions);
        var random = new Random(11);
        var keys = new List<byte[]>();
        for (var length = 0; length < 200; length++)
        {
            var key = new byte[length];
            random.NextBytes(key);
            keys.Add(key);
        }

        using var producer = new ClickProducer(settings, TimeProvider.System, NullLogger<ClickProducer>.Instance);
        foreach (var key in keys)
            Assert.True(producer.TryProduce(key, [1], 0));
        Assert.True(producer.Flush(TestTime.Max));

        using var reader = new ActionConsumer(settings, settings.ClicksTopic);
        var read = 0;
        while (read < keys.Count && reader.TryRead(TestTime.Max, out var click))
        {
            Assert.Equal(Murmur2.Partition(click.Key, partitions), click.Partition);
            read++;
        }

        Assert.Equal(keys.Count, read);
    }

    [Fact]
    public void A_partition_that_does_not_exist_is_counted_as_failed_with_the_reason()
    {
        var settings = cluster.NewTopics(2);
        using var producer = new ClickProducer(settings, TimeProvider.System, NullLogger<ClickProducer>.Instance);
        Assert.True(producer.TryProduceTo(1, null, [1], Clicks.FirstTimeMs));
        Assert.True(producer.TryProduceTo(9, null, [1], Clicks.FirstTimeMs));
        producer.Flush(TestTime.Max);

        Assert.Equal(1, producer.Produced);
        Assert.Equal(1, producer.Failed);
        Assert.Contains(settings.ClicksTopic, producer.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_queue_answers_false_and_waiting_makes_room()
    {
        var settings = cluster.NewTopics(1);
        settings = settings with
        {
            Client = new Dictionary<string, string>(settings.Client, StringComparer.Ordinal) { ["queue.buffering.max.messages"] = "100" },
        };
        using var producer = new ClickProducer(settings, TimeProvider.System, NullLogger<ClickProducer>.Instance);
        var refused = 0;
        for (var number = 0; number < 5_000; number++)
        {
            while (!producer.TryProduce(null, [1], Clicks.FirstTimeMs))
            {
                refused++;
                producer.WaitForRoom(TimeSpan.FromSeconds(1));
            }
        }

        Assert.True(producer.Flush(TestTime.Max));
        Assert.True(refused > 0);
        Assert.Equal((5_000, 0), (producer.Produced, producer.Failed));
    }
}
