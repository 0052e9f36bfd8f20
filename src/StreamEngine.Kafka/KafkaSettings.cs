namespace StreamEngine.Kafka;

/// <summary>Where Kafka is and what its topics are called.</summary>
public sealed record KafkaSettings
{
    /// <summary>host:port, several separated by commas.</summary>
    public required string BootstrapServers { get; init; }
    public string ClicksTopic { get; init; } = "clicks";
    public string ActionsTopic { get; init; } = "actions";
    public string DeadTopic { get; init; } = "clicks.dead";
    public string GroupId { get; init; } = "streamengine";

    /// <summary>
    /// Name of this member of the group across restarts: whoever comes back under it is given its shards at once. Empty: a member that died is
    /// waited for until its session times out. No two members that live may share one.
    /// </summary>
    public string InstanceId { get; init; } = "";

    /// <summary>Handed to the client library as they are: SASL, TLS, timeouts. Names are librdkafka's ("sasl.username").</summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
