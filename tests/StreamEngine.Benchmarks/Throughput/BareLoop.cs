using StreamEngine.Benchmarks.Running;
using StreamEngine.Carts.Clicks;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>
/// What nobody who reads these clicks can do without: consume them, parse them, touch one entry a visitor. With the engine's own consumer and parser, so that
/// a ratio to it shows what sessions, deadlines, commits and actions cost.
/// </summary>
public sealed class BareLoop : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(1);

    private readonly BareShard[] _shards;
    private readonly BareReader[] _readers;
    private readonly long _total;
    private readonly CountdownEvent _left;
    private readonly ManualResetEventSlim _begun = new();

    private BareLoop(KafkaSettings kafka, int workers, IReadOnlyList<long> ends)
    {
        _total = ends.Sum();
        _left = new CountdownEvent(workers);
        _shards = [.. ends.Select(static _ => new BareShard())];
        var gathering = new Gathering(workers, ends.Count);
        _readers = [.. Enumerable.Range(0, workers).Select(worker => new BareReader(kafka, _shards, gathering, worker))];
    }

    public static RunFigures Run(Contender contender, KafkaSettings kafka, ResultCheck check)
    {
        var partitions = TopicCheck.Run(kafka, Wait).ClicksPartitions;
        using var loop = new BareLoop(kafka, contender.Workers, LogEnds.Ask(kafka, partitions, Wait));
        return loop.Run(check);
    }

    public void Dispose()
    {
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }
        _left.Dispose();
        _begun.Dispose();
    }

    private RunFigures Run(ResultCheck check)
    {
        var threads = _readers.Select(reader => new Thread(() => Read(reader)) { Name = "bare loop", IsBackground = true }).ToList();
        threads.ForEach(static thread => thread.Start());
        _begun.Wait();
        var meter = new ProcessMeter();
        _left.Wait();
        var figures = RunFigures.Of(meter, _readers.Sum(static reader => reader.Clicks), check);
        check.Equal("clicks", _total, figures.Clicks);
        check.Bare(
            _shards.Sum(static shard => shard.Visitors.Names),
            [.. Enum.GetValues<ClickKind>().Select(kind => _readers.Sum(reader => reader.Kinds[(int)kind]))], _shards.Length);
        return figures;
    }

    private void Read(BareReader reader)
    {
        var heardAt = TimeProvider.System.GetTimestamp();
        while (_readers.Sum(static other => other.Clicks) < _total && TimeProvider.System.GetElapsedTime(heardAt) < SilenceMax)
        {
            if (reader.ReadSome())
            {
                _begun.Set();
                heardAt = TimeProvider.System.GetTimestamp();
            }
        }
        _left.Signal();
    }
}
