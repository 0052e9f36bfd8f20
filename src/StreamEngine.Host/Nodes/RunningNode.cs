using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.Host.Settings;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Native;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Sources;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Host.Nodes;

/// <summary>A node as the settings describe it: the store, and workers on Kafka.</summary>
public sealed class RunningNode : IDisposable
{
    private static readonly TimeSpan BrokerWait = TimeSpan.FromSeconds(15);

    private readonly IShardStore _store;
    private readonly PublishedTail _tail;

    private RunningNode(IShardStore store, PublishedTail tail, EngineNode engine, CatchUp? catchUp, int shardCount) =>
        (_store, _tail, Engine, CatchUp, ShardCount) = (store, tail, engine, catchUp, shardCount);

    public EngineNode Engine { get; }

    public CatchUp? CatchUp { get; }

    public int ShardCount { get; }

    /// <summary>Checks topics and store, then joins the group.</summary>
    /// <param name="time">The wall clock of deadlines; Kafka's own timeouts stay real.</param>
    /// <param name="untilCaughtUp">End when all that is in the topic now has been processed, committed and published.</param>
    /// <param name="acceptEmptyStore">Start on a database without a commit, though the group has read clicks: all of them are read again.</param>
    public static RunningNode Start(HostSettings settings, TimeProvider time, ILoggerFactory loggers, bool untilCaughtUp = false, bool acceptEmptyStore = false)
    {
        NativeClient.Load();
        var kafka = KafkaOf(settings.Kafka);
        // The broker is asked beside: neither needs what the other finds.
        var check = Task.Run(() => TopicCheck.Run(kafka, BrokerWait));
        var tactics = TacticsLoading.Load(settings.TacticsPath, settings.Sessions.Currency);
        var topics = check.GetAwaiter().GetResult();
        var store = NodeStore.Open(settings.Store, time, loggers);
        try
        {
            store.Provision(kafka.ClicksTopic, topics.ClicksPartitions);
            if (!acceptEmptyStore && NodeStore.ShardsWithoutStore(store, topics.ClicksPartitions) is { Count: > 0 } shards)
            {
                EmptyStoreCheck.Run(kafka, topics.ClicksPartitions, shards, settings.Store);
            }
            var catchUp = untilCaughtUp ? new CatchUp(LogEnds.Ask(kafka, topics.ClicksPartitions, BrokerWait)) : null;
            var rules = new ShardRules(settings.Sessions, tactics, settings.Engine, kafka.ClicksTopic, topics.ClicksPartitions, Murmur2.Partition);
            var tail = new PublishedTail(kafka, TimeProvider.System, loggers.CreateLogger<PublishedTail>());
            var engine = new EngineNode(new NodeParts(
                worker => new KafkaClickSource(MemberOf(kafka, worker), TimeProvider.System, loggers.CreateLogger<KafkaClickSource>()),
                _ => new KafkaOutlet(kafka, topics, TimeProvider.System, loggers.CreateLogger<KafkaOutlet>()),
                store, rules, settings.Clicks, Owner(), time, loggers)
            {
                CatchUp = catchUp,
                Tail = tail.Read,
            });
            engine.Start();
            return new RunningNode(store, tail, engine, catchUp, topics.ClicksPartitions);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public static KafkaSettings KafkaOf(KafkaPart part) => new()
    {
        BootstrapServers = part.BootstrapServers,
        ClicksTopic = part.ClicksTopic,
        ActionsTopic = part.ActionsTopic,
        DeadTopic = part.DeadTopic,
        GroupId = part.GroupId,
        InstanceId = part.InstanceId,
        Client = part.Client,
    };

    public void Dispose()
    {
        Engine.Dispose();
        _tail.Dispose();
        _store.Dispose();
    }

    /// <summary>Each worker is a member of the group.</summary>
    private static KafkaSettings MemberOf(KafkaSettings node, int worker) => node.InstanceId.Length == 0
        ? node
        : node with { InstanceId = string.Create(CultureInfo.InvariantCulture, $"{node.InstanceId}-{worker}") };

    /// <summary>Tells one process from every other, also from the one that had this process id before.</summary>
    private static string Owner() => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds():x}");
}
