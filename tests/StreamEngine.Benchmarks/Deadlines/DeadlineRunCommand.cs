using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Benchmarks.Throughput;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Native;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Sources;
using StreamEngine.Kafka.Topics;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Benchmarks.Deadlines;

/// <param name="ArmedMin">Deadlines that were armed, as each measured one fired: the least of them.</param>
/// <param name="Early">Fired before they were due.</param>
public sealed record DeadlineFigures(int Fired, long ArmedMin, int Early, double P50Ms, double P99Ms, double P999Ms, double MaxMs, double CommitP50Ms, double CommitP99Ms);

/// <summary>The production engine in a process of its own until all deadlines of the plan have fired. How late each was it tells as it hands the decision to the store.</summary>
public static class DeadlineRunCommand
{
    public const string Name = "deadlines-run";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var plan = new Option<string>("--plan") { Required = true };
        var kafka = new Option<string>("--kafka") { Required = true };
        var database = new Option<string>("--database") { Required = true };
        var command = new Command(Name, "The engine of the measurement of deadlines.") { plan, kafka, database };
        command.Hidden = true;
        command.SetAction(args =>
        {
            NativeClient.Load();
            var figures = Run(
                ThroughputRunCommand.Read<DeadlinePlan>(args.GetValue(plan)!), ThroughputRunCommand.Read<KafkaSettings>(args.GetValue(kafka)!), args.GetValue(database)!);
            Console.Out.WriteLine(ThroughputRunCommand.Mark + ThroughputRunCommand.Write(figures));
        });
        return command;
    }

    private static DeadlineFigures Run(DeadlinePlan plan, KafkaSettings kafka, string database)
    {
        var topics = TopicCheck.Run(kafka, Wait);
        var lateness = new Latencies();
        var (fired, early, armedMin) = (0, 0, long.MaxValue);
        EngineNode? node = null;
        using var all = new ManualResetEventSlim();
        using var store = new MeteredStore(new SqliteShardStore(new SqliteStoreOptions { Path = database }, TimeProvider.System, NullLogger.Instance), Watch);
        store.Provision(kafka.ClicksTopic, topics.ClicksPartitions);
        var sessions = new SessionOptions();
        var rules = new ShardRules(
            sessions, DeadlinePlan.Tactics, new EngineOptions { Workers = plan.Workers }, kafka.ClicksTopic, topics.ClicksPartitions, Murmur2.Partition);
        using var running = node = new EngineNode(new NodeParts(
            _ => new KafkaClickSource(kafka, TimeProvider.System, NullLogger<KafkaClickSource>.Instance),
            _ => new KafkaOutlet(kafka, topics, TimeProvider.System, NullLogger<KafkaOutlet>.Instance),
            store, rules, new ClickOptions(), "bench", TimeProvider.System, NullLoggerFactory.Instance));
        running.Start();
        var isAll = all.Wait(RunMax);
        running.Stop();
        running.Ended.GetAwaiter().GetResult();
        return isAll
            ? new DeadlineFigures(
                lateness.Count, armedMin, early, lateness.Percentile(50), lateness.Percentile(99), lateness.Percentile(99.9), lateness.Max,
                store.Latencies.Percentile(50), store.Latencies.Percentile(99))
            : throw new InvalidOperationException($"{fired:N0} of {plan.Prompts:N0} deadlines fired within {RunMax.TotalMinutes:0} minutes.");

        // On the workers' threads.
        void Watch(CommitBatch batch)
        {
            var now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
            lock (lateness)
            {
                foreach (var commit in batch.Shards)
                {
                    foreach (var row in commit.Actions)
                    {
                        if (++fired > plan.PromptsOfWarmUp)
                        {
                            lateness.Add(now - row.DueMs);
                        }
                        early += now < row.DueMs ? 1 : 0;
                        armedMin = Math.Min(armedMin, node!.Workers.Sum(static worker => worker.Stats.Shards.Sum(static shard => shard.DeadlinesArmed)));
                    }
                }
                if (fired >= plan.Prompts)
                {
                    all.Set();
                }
            }
        }
    }
}
