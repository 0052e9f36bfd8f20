using StreamEngine.Host.Settings;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.Kafka;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>A shop on a broker of its own in this process, for host processes that are to meet trouble.</summary>
internal sealed class EmbeddedShop : IDisposable
{
    private const int Partitions = 8;

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();

    public EmbeddedShop()
    {
        Shop = new Shop(new KafkaPart
        {
            BootstrapServers = _broker.BootstrapServers,
            // The embedded broker waits about a session timeout for members to join again.
            Client = new Dictionary<string, string>(StringComparer.Ordinal) { ["session.timeout.ms"] = "5000", ["heartbeat.interval.ms"] = "200" },
        });
        foreach (var topic in (string[])[Shop.Kafka.ClicksTopic, Shop.Kafka.ActionsTopic, Shop.Kafka.DeadTopic])
        {
            _broker.CreateTopic(topic, Partitions);
        }
    }

    public Shop Shop { get; }

    public EngineProcess Run(params string[] arguments) => EngineProcess.Start(Shop.Directory, ["run", .. Shop.Arguments, .. arguments]);

    public void Dispose()
    {
        Shop.Dispose();
        _broker.Dispose();
    }
}
