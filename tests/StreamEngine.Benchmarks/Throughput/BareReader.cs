using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Carts.Clicks;
using StreamEngine.Engine.Sources;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Sources;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>A partition's table of visitors and how far it was read: it moves with the partition.</summary>
public sealed class BareShard
{
    public Tally Visitors { get; } = new();

    public long NextOffset { get; set; } = -1;
}

/// <summary>One thread's consumer and parser.</summary>
public sealed class BareReader : IShardAssignee, IDisposable
{
    private const int ReadsMax = 1024;

    private readonly GatheredSource _source;
    private readonly BareShard[] _shards;
    private readonly ClickParser _parser = new(new ClickOptions());
    private long _clicks;

    public BareReader(KafkaSettings kafka, BareShard[] shards, Gathering gathering, int worker)
    {
        _shards = shards;
        _source = new GatheredSource(new KafkaClickSource(kafka, TimeProvider.System, NullLogger<KafkaClickSource>.Instance), gathering, worker);
        _source.Start(this);
    }

    /// <summary>Any thread.</summary>
    public long Clicks => Volatile.Read(ref _clicks);

    public long[] Kinds { get; } = new long[Enum.GetValues<ClickKind>().Length];

    /// <returns>False when nothing was there.</returns>
    public bool ReadSome()
    {
        var reads = 0;
        for (; reads < ReadsMax && _source.TryRead(TimeSpan.FromMilliseconds(reads == 0 ? 10 : 0), out var record); reads++)
        {
            _parser.Parse(record.Key, record.Value, record.TimestampMs);
            Kinds[(int)_parser.Click.Kind]++;
            var shard = _shards[record.Shard];
            shard.NextOffset = record.Offset + 1;
            shard.Visitors.Count(record.Key);
        }
        Volatile.Write(ref _clicks, _clicks + reads);
        return reads > 0;
    }

    public void OnAssigned(IReadOnlyList<int> shards)
    {
        foreach (var shard in shards)
        {
            _source.ReadFrom(shard, _shards[shard].NextOffset);
        }
    }

    public void OnRevoked(IReadOnlyList<int> shards)
    {
        // Where each was read to stays with it.
    }

    public void OnLost(IReadOnlyList<int> shards) => throw new InvalidOperationException("The broker took a partition away: this machine was too busy to measure anything.");

    public void OnEndReached(int shard, long offset)
    {
        // It counts records, and a benchmark's topic has nothing else.
    }

    public void OnOffsetMissing(int shard, string found) => throw new InvalidOperationException($"Shard {shard}: {found}.");

    public void Dispose() => _source.Dispose();
}
