using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine;

namespace StreamEngine.Host.Settings;

/// <summary>Everything that can be set, checked: who holds one of these need not validate again. The property initialisers are the defaults.</summary>
public sealed record HostSettings
{
    public static HostSettings Default { get; } = new();

    public KafkaPart Kafka { get; init; } = new();
    public StorePart Store { get; init; } = new();
    public SessionOptions Sessions { get; init; } = new();
    public ClickOptions Clicks { get; init; } = new();
    public string TacticsPath { get; init; } = "config/tactics.yaml";
    public EngineOptions Engine { get; init; } = new();
}

public sealed record KafkaPart
{
    public string BootstrapServers { get; init; } = "localhost:9092";
    public string ClicksTopic { get; init; } = "clicks";
    public string ActionsTopic { get; init; } = "actions";
    public string DeadTopic { get; init; } = "clicks.dead";
    public string GroupId { get; init; } = "streamengine";

    /// <summary>Empty: the node has no name that outlives it.</summary>
    public string InstanceId { get; init; } = "";

    /// <summary>Passed through to librdkafka under its own names. May hold secrets: <see cref="ClientKeys.IsSecret"/>.</summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

public sealed record StorePart
{
    public const string Postgres = "postgres";

    public string Kind { get; init; } = "sqlite";
    public string Path { get; init; } = "data/streamengine.db";

    /// <summary>A PostgreSQL server each. May hold passwords: they are shown nowhere.</summary>
    public IReadOnlyList<string> ConnectionStrings { get; init; } = [];
    public string PasswordFile { get; init; } = "";
}
