using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Sources;
using StreamEngine.Kafka.Topics;
using StreamEngine.Storage.Memory;
using StreamEngine.Storage.Postgres;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>The production engine from the topic's first record to its last, each action published to a topic of its own.</summary>
public static class EngineLoop
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(15);

    /// <param name="database">A file's path, or a connection string.</param>
    /// <exception cref="InvalidOperationException">The engine ended before the topic did, or did not end.</exception>
    public static RunFigures Run(Contender contender, BenchTactics tactics, KafkaSettings kafka, string database, ResultCheck check)
    {
        var topics = TopicCheck.Run(kafka, Wait);
        using var store = new MeteredStore(Open(contender.Loop, database));
        store.Provision(kafka.ClicksTopic, topics.ClicksPartitions);
        var sessions = new SessionOptions();
        // The shoppers came long ago: judged by the wall clock, nothing but facts would be left.
        var engine = new EngineOptions { Workers = contender.Workers, ExpireOverdue = false };
        var rules = new ShardRules(sessions, BenchTacticSets.Compile(tactics, sessions.Currency), engine, kafka.ClicksTopic, topics.ClicksPartitions, Murmur2.Partition);
        var catchUp = new CatchUp(LogEnds.Ask(kafka, topics.ClicksPartitions, Wait));
        var gathering = new Gathering(contender.Workers, topics.ClicksPartitions);
        using var node = new EngineNode(new NodeParts(
            worker => new GatheredSource(new KafkaClickSource(kafka, TimeProvider.System, NullLogger<KafkaClickSource>.Instance), gathering, worker),
            _ => new KafkaOutlet(kafka, topics, TimeProvider.System, NullLogger<KafkaOutlet>.Instance),
            store, rules, new ClickOptions(), "bench", TimeProvider.System, NullLoggerFactory.Instance)
        {
            CatchUp = catchUp,
        });
        node.Start();
        Until(node, () => Clicks(node) > 0, "the first click");
        var meter = new ProcessMeter();
        Until(node, () => catchUp.IsDone, "the end of the topic");
        var (seconds, cpu, allocated, pause, collections, written) = (meter.Seconds, meter.CpuSeconds, meter.AllocatedBytes, meter.GcPauseMs, meter.Collections, meter.WrittenBytes);
        node.Ended.WaitAsync(RunMax, TimeProvider.System).GetAwaiter().GetResult();
        foreach (var (shard, reason) in catchUp.Stopped)
        {
            check.Equal($"shard {shard} stopped ({reason})", 0, 1);
        }
        check.Engine(store, Clicks(node), node.Workers.Sum(static worker => worker.Stats.Published));
        return new RunFigures
        {
            Clicks = Clicks(node),
            Seconds = seconds,
            CpuSeconds = cpu,
            AllocatedBytes = allocated,
            GcPauseMs = pause,
            Collections = collections,
            WrittenBytes = written,
            PeakMemoryBytes = ProcessMeter.PeakMemoryBytes,
            Commits = new CommitFigures(
                store.Commits, store.Latencies.Percentile(50), store.Latencies.Percentile(99), store.Latencies.Max, store.SegmentBytes, store.Emitted),
            Mistakes = check.Mistakes,
        };
    }

    private static IShardStore Open(Loop loop, string database) => loop switch
    {
        Loop.Sqlite => new SqliteShardStore(new SqliteStoreOptions { Path = database }, TimeProvider.System, NullLogger.Instance),
        Loop.Postgres => new PostgresShardStore(new PostgresStoreOptions { Servers = [database] }, TimeProvider.System, NullLogger.Instance),
        _ => new MemoryShardStore(keep: false),
    };

    private static long Clicks(EngineNode node) => node.Workers.Sum(static worker => worker.Stats.Shards.Sum(static shard => shard.Clicks));

    private static void Until(EngineNode node, Func<bool> isSo, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        // The kernel's, which does not spin: with the slim one's spinning this loop took 0.13 us of CPU a click.
        using var tick = new ManualResetEvent(initialState: false);
        while (!isSo())
        {
            if (node.Ended.IsFaulted || TimeProvider.System.GetElapsedTime(start) > RunMax)
            {
                throw new InvalidOperationException($"The engine did not get to {what}. {node.Ended.Exception?.GetBaseException().Message}");
            }
            tick.WaitOne(Tick);
        }
    }
}
