using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Carts.Clicks;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>
/// The bare loop as it is written with the platform's own parts: the managed client's Consume, System.Text.Json's reader over every token, a dictionary. Other
/// engines were measured against such a loop on their platform (Kafka's own client, a streaming parser, a map), so a ratio to this one stands beside theirs;
/// the ratio to <see cref="BareLoop"/>, whose consumer and parser are the engine's and faster, does not.
/// </summary>
public sealed class StandardLoop : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(1);

    private readonly BareShard[] _shards;
    private readonly StandardReader[] _readers;

    private StandardLoop(KafkaSettings kafka, int workers, IReadOnlyList<long> ends)
    {
        _shards = [.. ends.Select(static _ => new BareShard())];
        _readers = [.. Enumerable.Range(0, workers).Select(worker =>
        {
            List<int> partitions = [.. Enumerable.Range(0, ends.Count).Where(partition => partition % workers == worker)];
            return new StandardReader(kafka, partitions, partitions.Sum(partition => ends[partition]), _shards);
        })];
    }

    public static RunFigures Run(Contender contender, KafkaSettings kafka, ResultCheck check)
    {
        var partitions = TopicCheck.Run(kafka, Wait).ClicksPartitions;
        using var loop = new StandardLoop(kafka, contender.Workers, LogEnds.Ask(kafka, partitions, Wait));
        return loop.Run(check);
    }

    public void Dispose() => Array.ForEach(_readers, static reader => reader.Dispose());

    private RunFigures Run(ResultCheck check)
    {
        using var begun = new ManualResetEventSlim();
        var threads = _readers.Select(reader => new Thread(() => reader.ReadAll(begun, SilenceMax)) { Name = "standard loop", IsBackground = true }).ToList();
        threads.ForEach(static thread => thread.Start());
        begun.Wait();
        var meter = new ProcessMeter();
        threads.ForEach(static thread => thread.Join());
        var figures = RunFigures.Of(meter, _readers.Sum(static reader => reader.Clicks), check);
        check.Equal("clicks", _readers.Sum(static reader => reader.Total), figures.Clicks);
        var kinds = new long[Enum.GetValues<ClickKind>().Length];
        foreach (var (name, count) in _readers.SelectMany(static reader => reader.Events))
        {
            kinds[(int)Enum.Parse<ClickKind>(Encoding.UTF8.GetString(name).Replace(" ", "", StringComparison.Ordinal), ignoreCase: true)] += count;
        }
        check.Bare(_shards.Sum(static shard => shard.Visitors.Count), kinds, _shards.Length);
        return figures;
    }
}

/// <summary>One thread's consumer and parser, with partitions of its own from their beginning.</summary>
internal sealed class StandardReader : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_wakeEvery = TimeSpan.FromMilliseconds(30);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly BareShard[] _shards;
    private readonly Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _events;
    private readonly Timer _waker;

    public StandardReader(KafkaSettings kafka, IReadOnlyList<int> partitions, long total, BareShard[] shards)
    {
        (Total, _shards) = (total, shards);
        _events = Events.GetAlternateLookup<ReadOnlySpan<byte>>();
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
    public Dictionary<byte[], long> Events { get; } = new(Carts.Utf8Comparer.Instance);

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
            Count(_events, EventOf(record.Message.Value), Events);
            var shard = _shards[record.Partition.Value];
            Count(shard.Lookup, record.Message.Key, shard.Visitors);
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

    private static void Count(in Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> lookup, ReadOnlySpan<byte> key, Dictionary<byte[], long> counts)
    {
        if (lookup.TryGetValue(key, out var known, out var count))
        {
            counts[known] = count + 1;
        }
        else
        {
            counts.Add(key.ToArray(), 1);
        }
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
