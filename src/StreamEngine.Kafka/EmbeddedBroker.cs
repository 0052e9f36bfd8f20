using System.Runtime.InteropServices;
using StreamEngine.Engine;
using StreamEngine.Kafka.Native;

namespace StreamEngine.Kafka;

/// <summary>
/// A Kafka broker inside this process, on a free port of 127.0.0.1: librdkafka's mock cluster, which speaks the real protocol with
/// topics, groups and idempotent producers. It lives in memory and keeps the newest 5 MB of a partition (compressed, as they were sent);
/// what is older is gone, and who wants to read it gets an offset error. A group's first member waits 3 s for others to join.
/// Right for a demo and for tests of the way; durability, retention, log-append time and speed need a real broker.
/// </summary>
public sealed class EmbeddedBroker : IDisposable
{
    private readonly nint _client;
    private nint _cluster;

    private EmbeddedBroker(nint client, nint cluster, string bootstrapServers)
    {
        _client = client;
        _cluster = cluster;
        BootstrapServers = bootstrapServers;
    }

    public string BootstrapServers { get; }

    /// <summary>A broker with the topics clicks, actions and clicks.dead.</summary>
    public static EmbeddedBroker Start(int partitions)
    {
        var broker = Start();
        var names = new KafkaSettings { BootstrapServers = broker.BootstrapServers };
        broker.CreateTopic(names.ClicksTopic, partitions);
        broker.CreateTopic(names.ActionsTopic, partitions);
        broker.CreateTopic(names.DeadTopic, partitions);
        return broker;
    }

    /// <summary>A broker without topics.</summary>
    public static EmbeddedBroker Start()
    {
        NativeClient.Load();
        Span<byte> error = stackalloc byte[LibRdKafka.ErrorTextBytes];
        var conf = LibRdKafka.rd_kafka_conf_new();
        LibRdKafka.rd_kafka_conf_set(conf, "log_level", "3", error, LibRdKafka.ErrorTextBytes);
        var client = LibRdKafka.rd_kafka_new(LibRdKafka.Producer, conf, error, LibRdKafka.ErrorTextBytes);
        if (client == 0)
        {
            LibRdKafka.rd_kafka_conf_destroy(conf);
            throw new EngineFatalException($"The embedded broker did not start: {LibRdKafka.Text(error)}");
        }

        var cluster = LibRdKafka.rd_kafka_mock_cluster_new(client, 1);
        if (cluster == 0)
        {
            LibRdKafka.rd_kafka_destroy(client);
            throw new EngineFatalException("The embedded broker did not start: it could not listen on a port of 127.0.0.1");
        }

        var address = Marshal.PtrToStringUTF8(LibRdKafka.rd_kafka_mock_cluster_bootstraps(cluster))!;
        return new EmbeddedBroker(client, cluster, address);
    }

    public void CreateTopic(string topic, int partitions)
    {
        ObjectDisposedException.ThrowIf(_cluster == 0, this);
        var error = LibRdKafka.rd_kafka_mock_topic_create(_cluster, topic, partitions, 1);
        if (error != 0)
            throw new EngineFatalException($"The embedded broker did not create the topic {topic} with {partitions} partitions (error {error}).");
    }

    public void Dispose()
    {
        if (_cluster == 0)
            return;
        LibRdKafka.rd_kafka_mock_cluster_destroy(_cluster);
        LibRdKafka.rd_kafka_destroy(_client);
        _cluster = 0;
    }
}
