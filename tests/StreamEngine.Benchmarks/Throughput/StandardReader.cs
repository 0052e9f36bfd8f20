using System.Text.Json;
using Confluent.Kafka;
using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>One thread's consumer and parser, with partitions of its own from their beginning.</summary>
internal sealed class StandardReader : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_wakeEvery = TimeSpan.FromMilliseconds(30);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly Tally[] _visitors;
    private readonly Timer _waker;

    public StandardReader(KafkaSettings kafka, IReadOnlyList<int> partitions, long total, Tally[] visitors)
    {
        (Total, _visitors) = (total, visitors);
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            GroupId = kafka.GroupId,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            QueuedMinMessages = 50_000,
            QueuedMaxMessagesKbytes = 32_000,
        }).Build();
        _consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(kafka.ClicksTopic, partition, Offset.Beginning)));
        // The client, in the release that the engine runs on, sleeps a second when its queue was full, unless it is asked for something.
        List<TopicPartitionTimestamp> ends = [.. partitions.Select(partition => new TopicPartitionTimestamp(kafka.ClicksTopic, partition, new Timestamp(Offset.End.Value, TimestampType.CreateTime)))];
        _waker = new Timer(_ => _consumer.OffsetsForTimes(ends, TimeSpan.FromSeconds(5)), state: null, s_wakeEvery, s_wakeEvery);
    }

    public long Total { get; }

    public long Clicks { get; private set; }

    /// <summary>Clicks by the event's name; those that are no "track" by their type.</summary>
    public Tally Events { get; } = new();

    public void ReadAll(ManualResetEventSlim begun, TimeSpan silenceMax)
    {
        var heardAt = TimeProvider.System.GetTimestamp();
        while (Clicks < Total && TimeProvider.System.GetElapsedTime(heardAt) < silenceMax)
        {
            if (_consumer.Consume(s_poll) is not { } record)
            {
                continue;
            }
            begun.Set();
            Events.Count(EventOf(record.Message.Value));
            _visitors[record.Partition.Value].Count(record.Message.Key);
            if (++Clicks % 1024 == 0)
            {
                heardAt = TimeProvider.System.GetTimestamp();
            }
        }
    }

    public void Dispose()
    {
        using var done = new ManualResetEvent(initialState: false);
        // No call may be under way when the client is closed.
        if (_waker.Dispose(done))
        {
            done.WaitOne();
        }
        _consumer.Close();
        _consumer.Dispose();
    }

    /// <summary>Walks over the whole record, as whoever needs its properties would.</summary>
    private static ReadOnlySpan<byte> EventOf(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> name = default;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
            {
                continue;
            }
            var (isType, isEvent) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("event"u8));
            if (isType || isEvent)
            {
                reader.Read();
                type = isType ? reader.ValueSpan : type;
                name = isEvent ? reader.ValueSpan : name;
            }
        }
        return type.SequenceEqual("track"u8) ? name : type;
    }
}
