using StreamEngine.Kafka.Topics;
using StreamEngine.TestKit;

// These tests mostly wait for a broker, not for a processor.
[assembly: CollectionBehavior(MaxParallelThreads = 8)]

namespace StreamEngine.Kafka.Tests;

/// <summary>Some Kafka to test against, with topics and a group of its own for every test.</summary>
public abstract class TestCluster : IDisposable
{
    private static readonly long Run = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private static int _count;

    /// <summary>Settings with topics that exist and that nobody else uses.</summary>
    public KafkaSettings NewTopics(int partitions, int? deadPartitions = null)
    {
        var settings = Unused();
        CreateTopics(settings, partitions, deadPartitions ?? partitions);
        return settings;
    }

    /// <summary>Settings with topics that do not exist.</summary>
    public KafkaSettings Unused()
    {
        var id = $"{Run}-{Interlocked.Increment(ref _count)}";
        return new KafkaSettings
        {
            BootstrapServers = Address,
            ClicksTopic = $"clicks-{id}",
            ActionsTopic = $"actions-{id}",
            DeadTopic = $"clicks.dead-{id}",
            GroupId = $"group-{id}",
            Client = ClientProperties,
        };
    }

    public abstract void Dispose();

    protected abstract string Address { get; }

    protected abstract IReadOnlyDictionary<string, string> ClientProperties { get; }

    protected abstract void CreateTopics(KafkaSettings settings, int partitions, int deadPartitions);
}

public sealed class EmbeddedCluster : TestCluster
{
    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();

    public EmbeddedBroker Broker => _broker;

    public override void Dispose() => _broker.Dispose();

    protected override string Address => _broker.BootstrapServers;

    /// <summary>The embedded broker waits about a session timeout for members to rejoin; nothing tells it to wait less.</summary>
    protected override IReadOnlyDictionary<string, string> ClientProperties => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["session.timeout.ms"] = "5000",
        ["heartbeat.interval.ms"] = "200",
    };

    protected override void CreateTopics(KafkaSettings settings, int partitions, int deadPartitions)
    {
        _broker.CreateTopic(settings.ClicksTopic, partitions);
        _broker.CreateTopic(settings.ActionsTopic, partitions);
        _broker.CreateTopic(settings.DeadTopic, deadPartitions);
    }
}

/// <summary>One real broker for all tests that want one; where there is none, they are skipped with the reason.</summary>
public sealed class RealCluster : TestCluster
{
    private readonly RealBroker? _broker;
    private readonly string _reason;

    public RealCluster() => _broker = RealBroker.TryStart(out _reason);

    public RealBroker Broker
    {
        get
        {
            if (_broker is null)
                Assert.Skip(_reason);
            return _broker;
        }
    }

    public override void Dispose() => _broker?.Dispose();

    protected override string Address => Broker.Address;

    protected override IReadOnlyDictionary<string, string> ClientProperties => new Dictionary<string, string>(StringComparer.Ordinal);

    protected override void CreateTopics(KafkaSettings settings, int partitions, int deadPartitions)
    {
        if (deadPartitions != partitions)
            TopicCreation.Run(settings with { DeadTopic = settings.DeadTopic + ".unused" }, new TopicPlan(partitions), TestTime.Max);
        TopicCreation.Run(settings, new TopicPlan(deadPartitions), TestTime.Max);
    }
}

[CollectionDefinition(Name)]
public sealed class RealBrokerCollection : ICollectionFixture<RealCluster>
{
    public const string Name = "real broker";
}
