using Confluent.Kafka;

namespace StreamEngine.Kafka.Topics;

/// <summary>What one partition of the clicks topic holds now: offsets from <see cref="First"/> to the one before <see cref="End"/>.</summary>
public sealed record LogRange(long First, long End)
{
    /// <returns>Null where no broker answers, or there is no such partition.</returns>
    public static LogRange? Ask(KafkaSettings settings, int partition, TimeSpan wait)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(ClientProperties.For(settings, ("group.id", settings.GroupId)))
            .SetErrorHandler(static (_, _) => { }) // the answer says enough: there is none
            .SetLogHandler(static (_, _) => { })
            .Build();
        try
        {
            // By the offsets-for-times call, which keeps to its timeout.
            var first = Query(Offset.Beginning);
            var end = Query(Offset.End);
            return first.IsSpecial || end.IsSpecial ? null : new LogRange(first.Value, end.Value);
        }
        catch (KafkaException)
        {
            return null;
        }

        Offset Query(Offset special) => consumer.OffsetsForTimes(
            [new TopicPartitionTimestamp(settings.ClicksTopic, partition, new Timestamp(special.Value, TimestampType.CreateTime))], wait)[0].Offset;
    }
}
