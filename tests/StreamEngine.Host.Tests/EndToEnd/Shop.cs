using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Host.Demo;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;
using Xunit;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>Topics and a database of its own: what a node of one shop works with.</summary>
internal sealed class Shop : IDisposable
{
    /// <summary>Nothing here takes so long unless it hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Shoppers whose clicks are sent, or read to the end, within <see cref="Patience"/> on a busy machine.</summary>
    private const int ShoppersAPatience = 100_000;

    private readonly TemporaryDirectory _directory = new();

    /// <param name="store">Null for a file of the shop's own.</param>
    public Shop(KafkaPart kafka, int workers = 0, StorePart? store = null)
    {
        Settings = new HostSettings
        {
            Kafka = kafka,
            Store = store ?? new StorePart { Path = Path.Combine(_directory.Path, "shop.db") },
            TacticsPath = Checkout.PathOf("config/tactics.yaml"),
        };
        // The shoppers came long ago: judged by the wall clock, nothing but facts would be left.
        Settings = Settings with { Engine = Settings.Engine with { Workers = workers, ExpireOverdue = false } };
    }

    public HostSettings Settings { get; }

    public string Database => Settings.Store.Path;

    public string Directory => _directory.Path;

    public KafkaSettings Kafka => RunningNode.KafkaOf(Settings.Kafka);

    /// <summary>The settings for a process.</summary>
    public string[] Arguments =>
    [
        "--set", "Kafka:BootstrapServers=" + Settings.Kafka.BootstrapServers,
        "--set", "Kafka:ClicksTopic=" + Settings.Kafka.ClicksTopic,
        "--set", "Kafka:ActionsTopic=" + Settings.Kafka.ActionsTopic,
        "--set", "Kafka:DeadTopic=" + Settings.Kafka.DeadTopic,
        "--set", "Kafka:GroupId=" + Settings.Kafka.GroupId,
        "--set", "Kafka:InstanceId=" + Settings.Kafka.InstanceId,
        .. Settings.Kafka.Client.SelectMany(static c => (string[])["--set", $"Kafka:Client:{c.Key}={c.Value}"]),
        "--set", "Store:Kind=" + Settings.Store.Kind,
        "--set", "Store:Path=" + Database,
        .. Settings.Store.ConnectionStrings.SelectMany(static (server, place) => (string[])["--set", $"Store:ConnectionStrings:{place}={server}"]),
        "--set", "Tactics:Path=" + Settings.TacticsPath,
        "--set", "Engine:ExpireOverdue=false",
    ];

    /// <summary>For what takes longer the more shoppers there are.</summary>
    public static TimeSpan PatienceFor(ShopperOptions options) => Patience * (1 + (options.Shoppers ?? 0) / ShoppersAPatience);

    /// <summary>All clicks of these shoppers, into the topic, in the shoppers' own time.</summary>
    public ExpectedFigures Send(ShopperOptions options)
    {
        var partitions = TopicCheck.Run(Kafka, Patience).ClicksPartitions;
        var stream = new ShopperStream(options, new PartitionMap(partitions, key => Murmur2.Partition(key, partitions)));
        using var feed = new ShopperFeed(stream, new ClickProducer(Kafka, TimeProvider.System, NullLogger<ClickProducer>.Instance), clock: null);
        using var bound = new CancellationTokenSource(PatienceFor(options));
        feed.Run(bound.Token);
        var figures = stream.ExpectedFigures();
        Assert.Equal(figures.Records, feed.Sent);
        return figures;
    }

    public RunningNode Start(bool untilCaughtUp = true) => RunningNode.Start(Settings, TimeProvider.System, NullLoggerFactory.Instance, untilCaughtUp);

    public StoreReader OpenStore() => StoreReader.Open(Settings.Store);

    public void Dispose() => _directory.Dispose();
}
