using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamEngine.Engine.Outlets;
using StreamEngine.Kafka.Native;
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

    /// <summary>
    /// The actions of a commit are handed over within microseconds, so this is enough for them to leave together. From its commit until it was acknowledged a prompt took
    /// 3.8 ms (p50) beside a drain with 2 ms, and 2.5 ms with this; from its click 6.7 and 5.2 ms with nothing overdue, and the same CPU.
    /// </summary>
    private const string LingerMs = "0.5";

    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);

    /// <summary>A broker that is there answers within milliseconds; one that is not keeps nobody's start waiting for long.</summary>
    private static readonly TimeSpan LearnWait = TimeSpan.FromMilliseconds(500);

    private readonly KafkaSettings _settings;
    private readonly TopicLayout _layout;
    private readonly ClientTrouble _trouble;
    private readonly NativeProducer _producer;
    private readonly UnreportedMessages _unreported = new();
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
            ("linger.ms", settings.Client.GetValueOrDefault("linger.ms", LingerMs)),
            ("message.max.bytes", settings.Client.GetValueOrDefault("message.max.bytes", $"{MessageBytesMax}")),
            ("queue.buffering.max.messages", $"{queueMessages}"),
            ("queue.buffering.max.kbytes", $"{QueueKilobytes}"));
        _producer = new NativeProducer(properties, _trouble, Delivered);
        _producer.Learn(settings.ActionsTopic, LearnWait);
        _producer.Learn(settings.DeadTopic, LearnWait);
    }

    public bool TrySend(OutgoingMessage message)
    {
        var (topic, partition) = Target(message.Destination, message.Shard);
        var number = _unreported.Add(new Receipt(message.Destination, message.Shard, message.Ticket, null));
        if (_producer.Send(topic, partition, message.Key.Span, message.Value.Span, message.Headers, number) is not { } error)
            return true;
        var receipt = _unreported.Take(number);
        if (error.Code == ErrorCode.Local_QueueFull)
        {
            _producer.Poll();
            return false;
        }

        if (error.IsFatal)
        {
            _trouble.Report(error);
            return false;
        }

        _receipts.Enqueue(receipt with { Error = Explain(receipt, error, message.Value.Length) });
        return true;
    }

    public bool TryTakeReceipt(out Receipt receipt)
    {
        _trouble.ThrowIfFatal();
        if (_receipts.TryDequeue(out receipt))
            return true;
        _producer.Poll();
        _trouble.ThrowIfFatal();
        return _receipts.TryDequeue(out receipt);
    }

    public bool Flush(TimeSpan wait) => _producer.Flush(wait);

    /// <summary>What is still queued is dropped: it is in the store's outbox and will be sent by who owns the shard next.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Task.Run(_producer.Dispose).Wait(CloseWait);
    }

    private (string Topic, int Partition) Target(Destination destination, int shard) => destination == Destination.Actions
        ? (_settings.ActionsTopic, shard)
        : (_settings.DeadTopic, shard % _layout.DeadPartitions);

    private void Delivered(int number, ErrorCode code, int valueBytes)
    {
        var receipt = _unreported.Take(number);
        if (code == ErrorCode.NoError)
            _trouble.Worked();
        else
            receipt = receipt with { Error = Explain(receipt, new Error(code), valueBytes) };
        _receipts.Enqueue(receipt);
    }

    private string Explain(in Receipt receipt, Error error, int valueBytes)
    {
        var (topic, partition) = Target(receipt.Destination, receipt.Shard);
        var text = $"{topic} [{partition}]: {error.Reason} ({error.Code})";
        return error.Code == ErrorCode.MsgSizeTooLarge
            ? $"{text}; the message has {valueBytes} bytes: raise max.message.bytes of the topic, and Kafka:Client:message.max.bytes above {MessageBytesMax}"
            : text;
    }
}
