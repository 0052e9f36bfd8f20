using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamEngine.Engine.Outlets;

namespace StreamEngine.Kafka.Outlets;

/// <summary>
/// Ids at the end of the actions topic: what the last owner of a shard published and had no time to note. An <see cref="ActionTail"/>, one for all workers of a node,
/// by a consumer that is in no group. Any thread, one at a time; a broker that does not answer costs its wait once, and then nothing for a while.
/// </summary>
public sealed partial class PublishedTail(KafkaSettings settings, TimeProvider time, ILogger<PublishedTail> logger) : IDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private IConsumer<byte[], byte[]>? _consumer;
    private long? _awayAt;

    public IReadOnlySet<string> Read(int shard, int countMax)
    {
        lock (_gate)
        {
            HashSet<string> ids = new(StringComparer.Ordinal);
            if (_awayAt is { } at && time.GetElapsedTime(at) < AwayFor)
                return ids;
            try
            {
                _consumer ??= Open();
                _awayAt = TryRead(_consumer, shard, countMax, ids) ? null : time.GetTimestamp();
                if (_awayAt is not null)
                    LogAway(settings.ActionsTopic, settings.BootstrapServers, WaitMax.TotalSeconds);
            }
            catch (KafkaException e)
            {
                _awayAt = time.GetTimestamp();
                LogFailed(settings.ActionsTopic, settings.BootstrapServers, e.Error.Reason);
            }

            return ids;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_consumer is { } consumer)
                Task.Run(consumer.Dispose).Wait(CloseWait);
            _consumer = null;
        }
    }

    /// <returns>False when the time was up before the end was reached.</returns>
    private bool TryRead(IConsumer<byte[], byte[]> consumer, int shard, int countMax, HashSet<string> ids)
    {
        var start = time.GetTimestamp();
        var partition = new TopicPartition(settings.ActionsTopic, shard);
        // By the offsets-for-times call, which keeps to its timeout.
        var end = consumer.OffsetsForTimes([new TopicPartitionTimestamp(partition, new Timestamp(Offset.End.Value, TimestampType.CreateTime))], WaitMax)[0].Offset;
        if (end.IsSpecial)
            return false;
        if (end.Value == 0)
            return true;
        try
        {
            consumer.Assign(new TopicPartitionOffset(partition, Math.Max(0, end.Value - countMax)));
            for (var left = WaitMax - time.GetElapsedTime(start); left > TimeSpan.Zero; left = WaitMax - time.GetElapsedTime(start))
            {
                var result = consumer.Consume(left);
                if (result is null)
                    continue;
                if (!result.IsPartitionEOF && result.Message.Headers.TryGetLastBytes("ce_id", out var id))
                    ids.Add(Encoding.UTF8.GetString(id));
                if (result.IsPartitionEOF || result.Offset.Value >= end.Value - 1)
                    return true;
            }

            return false;
        }
        finally
        {
            consumer.Unassign();
        }
    }

    private IConsumer<byte[], byte[]> Open() =>
        new ConsumerBuilder<byte[], byte[]>(ClientProperties.For(
                settings,
                ("group.id", settings.GroupId + ".tail"), // asked for by the client, never joined
                ("enable.auto.commit", "false"),
                ("enable.auto.offset.store", "false"),
                ("enable.partition.eof", "true"),
                ("queued.max.messages.kbytes", "16384"),
                // A fetch that is open at one partition's end holds up the next partition's for so long, and shards are looked at one after the other; 500 by default.
                ("fetch.wait.max.ms", "10"),
                // Older records were deleted meanwhile: as good as none.
                ("auto.offset.reset", "earliest")))
            .SetErrorHandler(static (_, _) => { }) // a broker that is gone is told of by the worker's own clients
            .SetLogHandler(static (_, _) => { })
            .Build();

    [LoggerMessage(3020, LogLevel.Warning,
        "The end of {topic} at {address} was not read within {seconds} s: what was published and not noted is published again, under the ids it had")]
    private partial void LogAway(string topic, string address, double seconds);

    [LoggerMessage(3021, LogLevel.Warning,
        "The end of {topic} at {address} cannot be read ({reason}): what was published and not noted is published again, under the ids it had. The engine's user needs READ on the actions topic")]
    private partial void LogFailed(string topic, string address, string reason);
}
