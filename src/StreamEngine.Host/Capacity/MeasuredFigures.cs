namespace StreamEngine.Host.Capacity;

/// <summary>The figures that capacity is computed from, with where they come from. Those of <see cref="Assumed"/> were not measured on this engine.</summary>
public sealed record MeasuredFigures
{
    /// <summary>What was measured here, on which machine and day.</summary>
    public const string Source = "scripts/bench, shipped tactics, SQLite FULL, 2026-11-27, 2 cores (Intel Xeon, virtual), the broker on the same cores, one round";

    public const string Assumed = "docs/architecture.md, 2-core machine: one blob a commit of 1,000 sessions";

    /// <summary>One worker, one visitor in ten with a cart.</summary>
    public LoadPoint FewCarts { get; init; } = new(0.1, 154_000, 8.7, 87, 636);

    /// <summary>One worker, every visitor with a cart.</summary>
    public LoadPoint AllCarts { get; init; } = new(1, 108_000, 12.5, 165, 1_134);

    /// <summary>In memory, of who only browses.</summary>
    public double BrowserBytes { get; init; } = 395;

    /// <summary>In memory, with a cart of three lines.</summary>
    public double CartBytes { get; init; } = 516;

    /// <summary>Of an encoded session in the shard log.</summary>
    public double EncodedBytes { get; init; } = 300;

    /// <summary>Of the runtime and its clients, and of each worker's queues: docs/limits.md.</summary>
    public double NodeBytes { get; init; } = 150e6;
    public double WorkerBytes { get; init; } = 96e6;

    /// <summary>Sessions a second that one core reads back from PostgreSQL when a shard changes hands.</summary>
    public double TakeOverSessions { get; init; } = 320_000;

    /// <summary>Assumed: sessions a second that one PostgreSQL server appends to shard logs.</summary>
    public double DatabaseSessions { get; init; } = 259_000;

    /// <summary>Assumed: bytes a second that the disk of one database server takes, day and night.</summary>
    public double DatabaseBytes { get; init; } = 500e6;

    /// <summary>Kafka's default: for so long a member that died is waited for.</summary>
    public double DetectionSeconds { get; init; } = 45;
}
