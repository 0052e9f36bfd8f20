using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Kafka;

/// <summary>
/// Reads a topic whole: all its partitions, without a group and without leaving a trace. For checks and for watching, not for dispatching.
/// </summary>
public sealed class ActionConsumer : IDisposable
{
    private static readonly TimeSpan MetadataWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);

    private readonly ClientTrouble _trouble;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly List<bool> _atEnd;
    private bool _disposed;

    /// <param name="topic">Null for the actions topic.</param>
    /// <param name="fromBeginning">False for only what is written from now on.</param>
    public ActionConsumer(KafkaSettings settings, string? topic = null, bool fromBeginning = true)
    {
        topic ??= settings.ActionsTopic;
        var partitions = TopicCheck.PartitionsOf(settings, topic, MetadataWait);
        _trouble = new ClientTrouble("reader", settings.BootstrapServers, TimeProvider.System, NullLogger.Instance);
        var properties = ClientProperties.For(
            settings,
            ("group.id", settings.GroupId + ".reader"), // asked for by the client, never joined
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("enable.partition.eof", "true"),
            ("auto.offset.reset", "earliest"));
        _consumer = new ConsumerBuilder<byte[], byte[]>(properties)
            .SetErrorHandler((_, error) => _trouble.Report(error))
            .SetLogHandler((_, message) => _trouble.Log(message))
            .Build();
        _atEnd = [.. new bool[partitions]];
        var positions = new List<TopicPartitionOffset>();
        for (var partition = 0; partition < partitions; partition++)
            positions.Add(new TopicPartitionOffset(topic, partition, fromBeginning ? Offset.Beginning : End(topic, partition)));
        _consumer.Assign(positions);
    }

    /// <summary>True when every partition was read to its end, as far as it reached then.</summary>
    public bool IsAtEnd => _atEnd.TrueForAll(atEnd => atEnd);

    /// <summary>All there is, by partition in order; ends when every partition was read to its end and nothing more came for <paramref name="quiet"/>.</summary>
    /// <param name="topic">Null for the actions topic.</param>
    /// <exception cref="EngineFatalException">The broker went away before the end.</exception>
    public static IEnumerable<PublishedAction> ReadAll(KafkaSettings settings, TimeSpan quiet, string? topic = null)
    {
        using var consumer = new ActionConsumer(settings, topic);
        var lastAt = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (consumer.TryRead(quiet, out var action))
            {
                yield return action;
                lastAt = TimeProvider.System.GetTimestamp();
            }
            else if (consumer.IsAtEnd)
            {
                yield break;
            }
            else if (TimeProvider.System.GetElapsedTime(lastAt) > SilenceMax)
            {
                throw new EngineFatalException(
                    $"The topic {topic ?? settings.ActionsTopic} at {settings.BootstrapServers} was not read to its end: nothing came for {SilenceMax.TotalSeconds:0} s. Is the broker up?");
            }
        }
    }

    public bool TryRead(TimeSpan wait, out PublishedAction action)
    {
        action = null!;
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            _trouble.ThrowIfFatal();
            var left = wait - TimeProvider.System.GetElapsedTime(start);
            var result = Consume(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            if (result is null)
                return false;
            _atEnd[result.Partition.Value] = result.IsPartitionEOF;
            if (result.IsPartitionEOF)
                continue;
            action = Decode(result);
            return true;
        }
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Task.Run(() =>
        {
            _consumer.Close();
            _consumer.Dispose();
        }).Wait(CloseWait);
    }

    private static PublishedAction Decode(ConsumeResult<byte[], byte[]> result)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var header in result.Message.Headers)
            headers.Add(new(header.Key, Encoding.UTF8.GetString(header.GetValueBytes() ?? [])));
        return new PublishedAction(
            result.Partition.Value, result.Offset.Value, result.Message.Timestamp.UnixTimestampMs, result.Message.Key ?? [], result.Message.Value ?? [], headers);
    }

    private ConsumeResult<byte[], byte[]>? Consume(TimeSpan wait)
    {
        try
        {
            return _consumer.Consume(wait);
        }
        catch (ConsumeException e)
        {
            _trouble.Report(e.Error);
            return null;
        }
    }

    /// <summary>Asked for now, so that "from now on" means from this call and not from the first fetch.</summary>
    private Offset End(string topic, int partition) => _consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), MetadataWait).High;
}
