using Confluent.Kafka;
using StreamEngine.Engine;

namespace StreamEngine.Kafka.Topics;

/// <summary>How far each partition of the clicks topic reaches now.</summary>
public static class LogEnds
{
    /// <returns>Per partition the offset behind its last record; 0 for one that holds nothing, whatever it held before.</returns>
    /// <exception cref="EngineFatalException">No broker answers.</exception>
    public static IReadOnlyList<long> Ask(KafkaSettings settings, int partitions, TimeSpan wait)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(ClientProperties.For(settings, ("group.id", settings.GroupId)))
            .SetLogHandler(static (_, _) => { }) // what matters comes as an exception too
            .Build();
        var ends = new long[partitions];
        try
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                var log = consumer.QueryWatermarkOffsets(new TopicPartition(settings.ClicksTopic, partition), wait);
                ends[partition] = log.Low == log.High ? 0 : log.High.Value;
            }
        }
        catch (KafkaException e)
        {
            throw new EngineFatalException(
                $"No Kafka broker at {settings.BootstrapServers} told how far {settings.ClicksTopic} reaches ({e.Error.Reason}). Start it, or correct Kafka:BootstrapServers.", e);
        }
        return ends;
    }
}
