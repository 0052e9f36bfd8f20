using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace StreamEngine.Kafka;

/// <summary>
/// Writes raw clicks to the clicks topic as a shop's collector would: keyed, by murmur2_random, idempotent, compressed. Used by one thread.
/// A full queue answers false: call <see cref="WaitForRoom"/> and try again.
/// </summary>
public sealed class ClickProducer : IDisposable
{
    private const int CallsPerPoll = 1024;
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);

    private readonly string _topic;
    private readonly ClientTrouble _trouble;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Action<DeliveryReport<byte[], byte[]>> _delivered;
    private int _callsSincePoll;
    private bool _disposed;

    public ClickProducer(KafkaSettings settings, TimeProvider time, ILogger<ClickProducer> logger)
    {
        _topic = settings.ClicksTopic;
        _trouble = new ClientTrouble("click producer", settings.BootstrapServers, time, logger);
        _delivered = Delivered;
        var properties = ClientProperties.For(
            settings,
            ("acks", "all"),
            ("enable.idempotence", "true"),
            ("partitioner", "murmur2_random"),
            ("linger.ms", settings.Client.GetValueOrDefault("linger.ms", "10")),
            ("compression.type", settings.Client.GetValueOrDefault("compression.type", "lz4")),
            ("queue.buffering.max.messages", settings.Client.GetValueOrDefault("queue.buffering.max.messages", "200000")),
            ("dotnet.producer.enable.background.poll", "false"),
            ("dotnet.producer.delivery.report.fields", "none"));
        _producer = new ProducerBuilder<byte[], byte[]>(properties)
            .SetErrorHandler((_, error) => _trouble.Report(error))
            .SetLogHandler((_, message) => _trouble.Log(message))
            .Build();
    }

    /// <summary>Clicks the broker has acknowledged, as far as reports were taken (by any other call).</summary>
    public long Produced { get; private set; }

    /// <summary>Clicks that will not arrive.</summary>
    public long Failed { get; private set; }

    /// <summary>Why the last click failed.</summary>
    public string? LastError { get; private set; }

    /// <param name="timestampMs">Unix ms; 0 for now. A topic with log-append time overwrites it.</param>
    public bool TryProduce(byte[]? key, byte[] value, long timestampMs) => TryProduceTo(Partition.Any.Value, key, value, timestampMs);

    public bool TryProduceTo(int partition, byte[]? key, byte[] value, long timestampMs)
    {
        _trouble.ThrowIfFatal();
        if (++_callsSincePoll >= CallsPerPoll)
            WaitForRoom(TimeSpan.Zero);
        try
        {
            var message = new Message<byte[], byte[]> { Key = key!, Value = value };
            if (timestampMs > 0)
                message.Timestamp = new Timestamp(timestampMs, TimestampType.CreateTime);
            _producer.Produce(new TopicPartition(_topic, partition), message, _delivered);
            return true;
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            _trouble.Report(e.Error);
            Count(e.Error);
            return true;
        }
    }

    /// <summary>Takes delivery reports, waiting at most <paramref name="wait"/> for the first.</summary>
    public void WaitForRoom(TimeSpan wait)
    {
        _callsSincePoll = 0;
        _producer.Poll(wait);
        _trouble.ThrowIfFatal();
    }

    /// <returns>True when the broker has answered for every click.</returns>
    public bool Flush(TimeSpan wait)
    {
        var left = _producer.Flush(wait);
        _trouble.ThrowIfFatal();
        return left == 0;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Task.Run(_producer.Dispose).Wait(CloseWait);
    }

    private void Delivered(DeliveryReport<byte[], byte[]> report) => Count(report.Error);

    private void Count(Error error)
    {
        if (error.IsError)
        {
            Failed++;
            LastError = $"{_topic}: {error.Reason} ({error.Code})";
            return;
        }

        Produced++;
        _trouble.Worked();
    }
}
