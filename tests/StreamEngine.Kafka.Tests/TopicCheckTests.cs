using StreamEngine.Engine;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Kafka.Tests;

public sealed class TopicCheckTests(EmbeddedCluster cluster) : IClassFixture<EmbeddedCluster>
{
    [Fact]
    public void Topics_that_fit_are_counted()
    {
        Assert.Equal(new TopicLayout(ClicksPartitions: 6, DeadPartitions: 2), TopicCheck.Run(cluster.NewTopics(6, deadPartitions: 2), TestTime.Max));
    }

    [Fact]
    public void A_missing_topic_is_named_with_the_command_that_makes_it_and_is_not_created_by_asking()
    {
        var settings = cluster.Unused();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = Assert.Throws<EngineFatalException>(() => TopicCheck.Run(settings, TestTime.Max));
            Assert.Contains($"The topic {settings.ClicksTopic} does not exist", error.Message, StringComparison.Ordinal);
            Assert.Contains("streamengine topics create", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Actions_with_another_number_of_partitions_are_refused_with_both_numbers()
    {
        var settings = cluster.NewTopics(6);
        var other = cluster.NewTopics(4);
        var error = Assert.Throws<EngineFatalException>(() => TopicCheck.Run(settings with { ActionsTopic = other.ActionsTopic }, TestTime.Max));
        Assert.Contains("has 4 partitions", error.Message, StringComparison.Ordinal);
        Assert.Contains("has 6", error.Message, StringComparison.Ordinal);
        Assert.Contains("streamengine topics create --partitions 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_that_is_not_there_is_named_with_its_address()
    {
        var settings = new KafkaSettings { BootstrapServers = "127.0.0.1:1" };
        var error = Assert.Throws<EngineFatalException>(() => TopicCheck.Run(settings, TimeSpan.FromSeconds(1)));
        Assert.Contains("No Kafka broker answered at 127.0.0.1:1 within 1 s", error.Message, StringComparison.Ordinal);
    }
}
