namespace StreamEngine.Host.Settings;

/// <summary>What is known about the client library's own settings: which are secret, and which the engine decides itself.</summary>
public static class ClientKeys
{
    private static readonly string[] SecretMarks = ["password", "secret", "token", "credential", "key.pem", "oauthbearer.config", "jaas"];

    /// <summary>The value must not be shown anywhere. Errs on the side of hiding.</summary>
    public static bool IsSecret(string name) => Array.Exists(SecretMarks, mark => name.Contains(mark, StringComparison.OrdinalIgnoreCase));

    /// <returns>Why this setting is not free, or null when it is.</returns>
    public static string? Reserved(string name) => name switch
    {
        "bootstrap.servers" or "metadata.broker.list" => "set Kafka:BootstrapServers instead",
        "group.id" => "set Kafka:GroupId instead",
        "group.instance.id" => "set Kafka:InstanceId instead, each worker adds its number",
        "enable.auto.commit" or "enable.auto.offset.store" or "auto.offset.reset" =>
            "offsets come from the store, never from the group: leave it out",
        "acks" or "request.required.acks" or "enable.idempotence" => "no action may be lost or doubled on the way: leave it out",
        "partitioner" => "an action goes to the partition of its shard: leave it out",
        _ => null,
    };
}
