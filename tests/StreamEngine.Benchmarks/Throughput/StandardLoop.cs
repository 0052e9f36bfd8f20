using System.Text;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>
/// The bare loop as it is written by hand with the platform's own parts: the managed client's Consume, System.Text.Json's reader over every token, a dictionary.
/// Those of <see cref="BareLoop"/>, the engine's, are faster; those of <see cref="JavaLoop"/> are what other engines were measured with.
/// </summary>
public sealed class StandardLoop : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(1);

    private readonly Tally[] _visitors;
    private readonly StandardReader[] _readers;

    private StandardLoop(KafkaSettings kafka, int workers, IReadOnlyList<long> ends)
    {
        _visitors = [.. ends.Select(static _ => new Tally())];
        _readers = [.. Enumerable.Range(0, workers).Select(worker =>
        {
            List<int> partitions = [.. Enumerable.Range(0, ends.Count).Where(partition => partition % workers == worker)];
            return new StandardReader(kafka, partitions, partitions.Sum(partition => ends[partition]), _visitors);
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
        var kinds = ResultCheck.ByKind(_readers.SelectMany(static reader => reader.Events.Counts).Select(static pair => KeyValuePair.Create(Encoding.UTF8.GetString(pair.Key), pair.Value)));
        check.Bare(_visitors.Sum(static visitors => visitors.Names), kinds, _visitors.Length);
        return figures;
    }
}
