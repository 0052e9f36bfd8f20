using StreamEngine.Engine;
using StreamEngine.Kafka.Native;

namespace StreamEngine.Kafka;

/// <summary>The properties of one client: what the operator passes through, under what the engine's promises rest on.</summary>
internal static class ClientProperties
{
    /// <summary>Properties the engine sets itself, with what to use instead.</summary>
    private static readonly Dictionary<string, string> Reserved = new(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = "set Kafka:BootstrapServers",
        ["metadata.broker.list"] = "set Kafka:BootstrapServers",
        ["group.id"] = "set Kafka:GroupId",
        ["group.instance.id"] = "set Kafka:InstanceId; each worker adds its number",
        ["enable.auto.commit"] = "offsets are committed with the state, in the store",
        ["auto.commit.interval.ms"] = "offsets are committed with the state, in the store",
        ["enable.auto.offset.store"] = "offsets are committed with the state, in the store",
        ["auto.offset.reset"] = "a missing offset stops its shard, so that nobody skips clicks unnoticed",
        ["queued.min.messages"] = "the engine fills the fetch queue itself, and its measure goes with that",
        ["queued.max.messages.kbytes"] = "the engine fills the fetch queue itself, and its measure goes with that",
        ["acks"] = "actions are published with acks=all",
        ["request.required.acks"] = "actions are published with acks=all",
        ["enable.idempotence"] = "actions are published by an idempotent producer",
        ["message.timeout.ms"] = "an action stays queued until the broker takes it",
        ["delivery.timeout.ms"] = "an action stays queued until the broker takes it",
        ["partitioner"] = "keys go to partitions by murmur2_random, as Kafka's own clients do it",
    };

    /// <summary>The properties for one client, checked.</summary>
    /// <exception cref="EngineFatalException">A property in Kafka:Client is unknown, has an impossible value or belongs to the engine.</exception>
    public static Dictionary<string, string> For(KafkaSettings settings, params ReadOnlySpan<(string Name, string Value)> own)
    {
        NativeClient.Load();
        if (string.IsNullOrWhiteSpace(settings.BootstrapServers))
            throw new EngineFatalException("Kafka:BootstrapServers is empty: set it to the address of a broker, e.g. localhost:9092");

        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client.id"] = "streamengine",
            ["socket.nagle.disable"] = "true",
        };
        foreach (var (name, value) in settings.Client)
        {
            Check(name, value);
            properties[name] = value;
        }

        properties["bootstrap.servers"] = settings.BootstrapServers;
        foreach (var (name, value) in own)
            properties[name] = value;
        return properties;
    }

    private static void Check(string name, string value)
    {
        if (Reserved.TryGetValue(name, out var instead))
            throw new EngineFatalException($"Kafka:Client:{name} cannot be set: {instead}. Remove it.");

        var conf = LibRdKafka.rd_kafka_conf_new();
        try
        {
            Span<byte> error = stackalloc byte[LibRdKafka.ErrorTextBytes];
            if (LibRdKafka.rd_kafka_conf_set(conf, name, value, error, LibRdKafka.ErrorTextBytes) != LibRdKafka.ConfOk)
            {
                // The library's text names property and value where the value is wrong; a password is never "wrong", so it is never shown.
                throw new EngineFatalException(
                    $"Kafka:Client:{name}: {LibRdKafka.Text(error)}. The names are those of librdkafka {NativeClient.Load()} (its CONFIGURATION.md).");
            }
        }
        finally
        {
            LibRdKafka.rd_kafka_conf_destroy(conf);
        }
    }
}
