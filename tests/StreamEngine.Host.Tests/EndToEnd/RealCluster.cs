using System.Globalization;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Settings;
using StreamEngine.Kafka.Topics;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>One real broker for all tests that want one; where there is none, they are skipped with the reason.</summary>
public sealed class RealCluster : IDisposable
{
    private static readonly TimeSpan TopicWait = TimeSpan.FromSeconds(30);
    private static readonly long s_run = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private static int s_count;

    private readonly RealBroker? _broker;
    private readonly string _reason;

    public RealCluster() => _broker = RealBroker.TryStart(out _reason);

    public string Address
    {
        get
        {
            Assert.SkipWhen(_broker is null, _reason);
            return _broker.Address;
        }
    }

    /// <summary>The broker, for tests that stop it: only one that this test has started.</summary>
    public RealBroker Own
    {
        get
        {
            Assert.SkipWhen(_broker is null, _reason);
            Assert.SkipUnless(_broker.IsOurs, $"the broker at {_broker.Address} belongs to somebody else and is not stopped");
            return _broker;
        }
    }

    /// <summary>Names that nobody else uses; the topics do not exist.</summary>
    public KafkaPart Unused()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{s_run}-{Interlocked.Increment(ref s_count)}");
        return new KafkaPart
        {
            BootstrapServers = Address,
            ClicksTopic = "clicks-" + id,
            ActionsTopic = "actions-" + id,
            DeadTopic = "dead-" + id,
            GroupId = "group-" + id,
            // So long the group waits for a member that was killed.
            Client = new Dictionary<string, string>(StringComparer.Ordinal) { ["session.timeout.ms"] = "6000", ["heartbeat.interval.ms"] = "500" },
        };
    }

    /// <summary>Topics that keep the producers' times, for streams of the past.</summary>
    public KafkaPart NewTopics(int partitions)
    {
        var kafka = Unused();
        TopicCreation.Run(RunningNode.KafkaOf(kafka), new TopicPlan(partitions, ProducersTime: true), TopicWait);
        return kafka;
    }

    public void Dispose() => _broker?.Dispose();
}

[CollectionDefinition(Name)]
public sealed class RealBrokerCollection : ICollectionFixture<RealCluster>
{
    public const string Name = "real broker";
}
