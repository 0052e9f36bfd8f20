using Confluent.Kafka;
using StreamEngine.Engine;

namespace StreamEngine.Kafka.Topics;

/// <summary>How far the consumer group says it has read. A hint, never a place to go on from: it tells an engine whose database is new from a new engine.</summary>
public static class GroupProgress
{
    /// <returns>Per partition the first offset the group has not read; 0 where it has read nothing.</returns>
    /// <exception cref="EngineFatalException">No broker answers for the group.</exception>
    public static IReadOnlyList<long> Ask(KafkaSettings settings, int partitions, TimeSpan wait)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(ClientProperties.For(settings, ("group.id", settings.GroupId)))
            .SetLogHandler(static (_, _) => { }) // what matters comes as an exception too
            .Build();
        try
        {
            var asked = Enumerable.Range(0, partitions).Select(partition => new TopicPartition(settings.ClicksTopic, partition));
            return [.. consumer.Committed(asked, wait).Select(static found => Math.Max(0, found.Offset.Value))];
        }
        catch (KafkaException e)
        {
            throw new EngineFatalException(
                $"No Kafka broker at {settings.BootstrapServers} told how far group {settings.GroupId} has read {settings.ClicksTopic} ({e.Error.Reason}). " +
                "Look into the broker's log, and try again; a user of Kafka needs the right to read the group.", e);
        }
    }
}
