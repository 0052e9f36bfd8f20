using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Workers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Sources;
using StreamEngine.Kafka.Topics;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>A production node on the database and the topics of the measurement, under a wall clock of its own.</summary>
public sealed class OutageNode : IDisposable
{
    private readonly MeteredStore _store;
    private readonly EngineNode _node;

    private OutageNode(MeteredStore store, EngineNode node) => (_store, _node) = (store, node);

    public Task Ended => _node.Ended;

    public int OpenShards => _node.Workers.Sum(static worker => worker.Stats.OpenShards);

    public long Clicks => _node.Workers.Sum(static worker => worker.Stats.Shards.Sum(static shard => shard.Clicks));

    public static TimeSpan WorkersCpu => ThreadClock.Read("worker");

    public long SessionsWoken => _node.Workers.Sum(static worker => worker.Stats.Shards.Sum(static shard => shard.SessionsWoken));

    public long DeadlinesFired => _node.Workers.Sum(static worker => worker.Stats.Shards.Sum(static shard => shard.DeadlinesFired));

    public long Commits => _node.Workers.Sum(static worker => worker.Stats.Commits);

    /// <summary>From hand-over to durable, since this was asked last.</summary>
    public string TakeCommitTimes() => _store.TakeTimes();

    /// <summary>Decisions that were held back as expired.</summary>
    public long Expired => _node.Workers.Sum(static worker => worker.Stats.Actions.GetValueOrDefault($"{OutageShop.CartChat} (held: Expired)"));

    /// <param name="untilCaughtUp">Ends when what is in the topic now is handled and committed; deadlines then go by the records' times.</param>
    public static OutageNode Start(OutagePlan plan, KafkaSettings kafka, string database, ShiftedTime time, ActionTally tally, bool untilCaughtUp)
    {
        var topics = TopicCheck.Run(kafka, OutagePlan.Wait);
        var store = new MeteredStore(new SqliteShardStore(new SqliteStoreOptions { Path = database }, time, NullLogger.Instance));
        store.Provision(kafka.ClicksTopic, topics.ClicksPartitions);
        var rules = new ShardRules(
            new SessionOptions(), OutageShop.Tactics, new EngineOptions { Workers = plan.Workers, DeadlinesUncommittedMax = plan.DeadlinesUncommittedMax },
            kafka.ClicksTopic, topics.ClicksPartitions, Murmur2.Partition);
        var node = new EngineNode(new NodeParts(
            _ => new WatchedSource(new KafkaClickSource(kafka, TimeProvider.System, NullLogger<KafkaClickSource>.Instance), tally),
            _ => new WatchedOutlet(new KafkaOutlet(kafka, topics, TimeProvider.System, NullLogger<KafkaOutlet>.Instance), tally),
            store, rules, new ClickOptions(), "bench", time, NullLoggerFactory.Instance)
        {
            CatchUp = untilCaughtUp ? new CatchUp(LogEnds.Ask(kafka, topics.ClicksPartitions, OutagePlan.Wait)) : null,
        });
        node.Start();
        return new OutageNode(store, node);
    }

    /// <summary>Waits until something is so.</summary>
    /// <exception cref="InvalidOperationException">The node ended, or it took longer than <see cref="OutagePlan.StageMax"/>.</exception>
    public async Task UntilAsync(Func<bool> isSo, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            if (_node.Ended.IsCompleted || TimeProvider.System.GetElapsedTime(start) > OutagePlan.StageMax)
            {
                throw new InvalidOperationException($"The engine did not get there: {what}. {_node.Ended.Exception?.GetBaseException().Message}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public void Dispose()
    {
        _node.Dispose();
        _store.Dispose();
    }
}
