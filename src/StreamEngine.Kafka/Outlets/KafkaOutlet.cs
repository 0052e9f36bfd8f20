using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamEngine.Engine.Outlets;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Kafka.Outlets;

/// <summary>
/// Actions and dead letters to their topics, by an idempotent producer: acks=all, in order per partition, never given up while the
/// process lives (message.timeout.ms=0), so an outage of the broker fills the queue and then answers "full". Delivery reports are
/// taken on the worker's thread; until they are taken they count against the queue, which bounds receipts as well.
/// </summary>
public sealed class KafkaOutlet : IActionOutlet
{
    /// <summary>A dead letter carries a whole unreadable record, so it may be larger than what a broker takes by default (1 MB).</summary>
    public const int MessageBytesMax = 2 * 1024 * 1024;

    private const int QueueMessages = 20_000;
    private const int QueueKilobytes = 64 * 1024;
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);

    private readonly KafkaSettings _settings;
    private readonly TopicLayout _layout;
    private readonly ClientTrouble _trouble;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Queue<Receipt> _receipts = new();
    private bool _disposed;

    public KafkaOutlet(KafkaSettings settings, TopicLayout layout, TimeProvider time, ILogger<KafkaOutlet> logger)
        : this(settings, layout, time, logger, QueueMessages)
    {
    }

    internal KafkaOutlet(KafkaSettings settings, TopicLayout layout, TimeProvider time, ILogger logger, int queueMessages)
    {
        _settings = settings;
        _layout = layout;
        _trouble = new ClientTrouble("producer", settings.BootstrapServers, time, logger);
        var properties = ClientProperties.For(
            settings,
            ("acks", "all"),
            ("enable.idempotence", "true"),
            ("partitioner", "murmur2_random"),
            ("message.timeout.ms", "0"),
            ("linger.ms", settings.Client.GetValueOrDefault("linger.ms", "2")),
            ("message.max.bytes", settings.Client.GetValueOrDefault("message.max.bytes", $"{MessageBytesMax}")),
            ("queue.buffering.max.messages", $"{queueMessages}"),
            ("queue.buffering.max.kbytes", $"{QueueKilobytes}"),
            ("dotnet.producer.enable.background.poll", "false"),
            ("dotnet.producer.delivery.report.fields", "none"));
        _producer = new ProducerBuilder<byte[], byte[]>(properties)
            .SetErrorHandler((_, error) => _trouble.Report(error))
            .SetLogHandler((_, message) => _trouble.Log(message))
            .Build();
    }

    public bool TrySend(OutgoingMessage message)
    {
        try
        {
            _producer.Produce(Target(message), Encode(message), report => Delivered(message, report.Error));
            return true;
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            _producer.Poll(TimeSpan.Zero);
            return false;
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.IsFatal)
        {
            _trouble.Report(e.Error);
            return false;
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            Delivered(message, e.Error);
            return true;
        }
    }

    public bool TryTakeReceipt(out Receipt receipt)
    {
        _trouble.ThrowIfFatal();
        if (_receipts.TryDequeue(out receipt))
            return true;
        _producer.Poll(TimeSpan.Zero);
        _trouble.ThrowIfFatal();
        return _receipts.TryDequeue(out receipt);
    }

    public bool Flush(TimeSpan wait) => _producer.Flush(wait) == 0;

    /// <summary>What is still queued is dropped: it is in the store's outbox and will be sent by who owns the shard next.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Task.Run(_producer.Dispose).Wait(CloseWait);
    }

    private TopicPartition Target(OutgoingMessage message) => message.Destination == Destination.Actions
        ? new TopicPartition(_settings.ActionsTopic, message.Shard)
        : new TopicPartition(_settings.DeadTopic, message.Shard % _layout.DeadPartitions);

    private static Message<byte[], byte[]> Encode(OutgoingMessage message)
    {
        var headers = new Headers();
        foreach (var (name, value) in message.Headers)
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        return new Message<byte[], byte[]> { Key = message.Key, Value = message.Value, Headers = headers };
    }

    private void Delivered(OutgoingMessage message, Error error)
    {
        if (!error.IsError)
            _trouble.Worked();
        _receipts.Enqueue(new Receipt(message.Destination, message.Shard, message.Ticket, error.IsError ? Explain(message, error) : null));
    }

    private string Explain(OutgoingMessage message, Error error)
    {
        var text = $"{Target(message)}: {error.Reason} ({error.Code})";
        return error.Code == ErrorCode.MsgSizeTooLarge
            ? $"{text}; the message has {message.Value.Length} bytes: raise max.message.bytes of the topic, and Kafka:Client:message.max.bytes above {MessageBytesMax}"
            : text;
    }
}
