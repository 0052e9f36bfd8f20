using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Benchmarks.Throughput;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Workers;
using StreamEngine.Host.Replay;
using StreamEngine.Kafka;
using StreamEngine.Storage.Memory;

namespace StreamEngine.Benchmarks.Scale;

/// <summary>One run in a process of its own, started by <see cref="ScaleCommand"/>: clicks from memory, by the bare loop or the engine, without a broker and without a database.</summary>
public static class ScaleRunCommand
{
    public const string Name = "scale-run";

    private const int Partitions = 8;
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var contender = new Option<string>("--contender") { Required = true };
        var shoppers = new Option<long>("--shoppers") { Required = true };
        var command = new Command(Name, "One run of the scale measurement.") { contender, shoppers };
        command.Hidden = true;
        command.SetAction(args =>
        {
            var of = ThroughputRunCommand.Read<Contender>(args.GetValue(contender)!);
            var clicks = new RecordedClicks(args.GetValue(shoppers), of.CartShare, Partitions);
            Console.Out.WriteLine(ThroughputRunCommand.Mark + ThroughputRunCommand.Write(of.Loop == Loop.Bare ? Bare(clicks, of.Workers) : Engine(clicks, of.Workers)));
            return 0;
        });
        return command;
    }

    private static RunFigures Engine(RecordedClicks clicks, int workers)
    {
        var check = new ResultCheck(clicks.Expected);
        using var store = new MeteredStore(new MemoryShardStore(keep: false));
        store.Provision("clicks", clicks.Partitions);
        var sessions = new SessionOptions();
        var rules = new ShardRules(
            sessions, BenchTacticSets.Compile(BenchTactics.Reminder, sessions.Currency), new EngineOptions { Workers = workers, ExpireOverdue = false }, "clicks", clicks.Partitions, Murmur2.Partition);
        var catchUp = new CatchUp(clicks.Ends);
        using var node = new EngineNode(new NodeParts(
            worker => new RecordedSource(clicks, ShardsOf(worker, workers, clicks.Partitions)), static _ => new NoOutlet(), store, rules, new ClickOptions(), "bench",
            TimeProvider.System, NullLoggerFactory.Instance)
        {
            CatchUp = catchUp,
        });
        var meter = new ProcessMeter();
        node.Start();
        node.Ended.WaitAsync(RunMax, TimeProvider.System).GetAwaiter().GetResult();
        var read = node.Workers.Sum(static worker => worker.Stats.Shards.Sum(static shard => shard.Clicks));
        var figures = RunFigures.Of(meter, read, check);
        check.Engine(store, read, node.Workers.Sum(static worker => worker.Stats.Published));
        return figures;
    }

    private static RunFigures Bare(RecordedClicks clicks, int workers)
    {
        var check = new ResultCheck(clicks.Expected);
        var kinds = new long[workers][];
        var visitors = new long[workers];
        var meter = new ProcessMeter();
        var threads = Enumerable.Range(0, workers).Select(worker => new Thread(() => (kinds[worker], visitors[worker]) = Read(clicks, ShardsOf(worker, workers, clicks.Partitions)))).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        var figures = RunFigures.Of(meter, clicks.Ends.Sum(), check);
        check.Bare((int)visitors.Sum(), [.. Enum.GetValues<ClickKind>().Select(kind => kinds.Sum(of => of[(int)kind]))], clicks.Partitions);
        return figures;
    }

    /// <summary>Parse, touch one entry a visitor.</summary>
    private static (long[] Kinds, long Visitors) Read(RecordedClicks clicks, IReadOnlyList<int> shards)
    {
        var parser = new ClickParser(new ClickOptions());
        var kinds = new long[Enum.GetValues<ClickKind>().Length];
        var visitors = shards.ToDictionary(static shard => shard, static _ => new Tally());
        using var source = new RecordedSource(clicks, shards);
        source.Start(new FromTheBeginning(source));
        while (source.TryRead(TimeSpan.Zero, out var record))
        {
            parser.Parse(record.Key, record.Value, record.TimestampMs);
            kinds[(int)parser.Click.Kind]++;
            visitors[record.Shard].Count(record.Key);
        }
        return (kinds, visitors.Values.Sum(static tally => (long)tally.Names));
    }

    private static int[] ShardsOf(int worker, int workers, int partitions) => [.. Enumerable.Range(0, partitions).Where(shard => shard % workers == worker)];

    private sealed class FromTheBeginning(RecordedSource source) : IShardAssignee
    {
        public void OnAssigned(IReadOnlyList<int> shards)
        {
            foreach (var shard in shards)
            {
                source.ReadFrom(shard, 0);
            }
        }

        public void OnRevoked(IReadOnlyList<int> shards) => throw NeverShared();

        public void OnLost(IReadOnlyList<int> shards) => throw NeverShared();

        public void OnEndReached(int shard, long offset) => throw NeverShared();

        public void OnOffsetMissing(int shard, string found) => throw NeverShared();

        private static InvalidOperationException NeverShared() => new("What lies in memory is not shared out anew, and has no gaps.");
    }
}
