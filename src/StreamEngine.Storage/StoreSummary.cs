namespace StreamEngine.Storage;

/// <summary>What a store holds, for people: read in one consistent state.</summary>
public sealed record StoreSummary
{
    public required string Path { get; init; }
    public required int SchemaVersion { get; init; }

    /// <summary>Null for a store that was never provisioned.</summary>
    public required string? Topic { get; init; }

    /// <summary>Database and log.</summary>
    public required long FileBytes { get; init; }
    public required IReadOnlyList<ShardSummary> Shards { get; init; }
    public required IReadOnlyList<Tally> CartsByPhase { get; init; }
    public required IReadOnlyList<ActionTally> Actions { get; init; }
    public required IReadOnlyList<Tally> DeadLettersByReason { get; init; }
    public required IReadOnlyList<KpiSum> Kpis { get; init; }
    public required long Contacts { get; init; }
}

/// <param name="Owner">Empty for a shard that nobody has taken over yet.</param>
/// <param name="NextOffset">-1 for a shard that never committed.</param>
public sealed record ShardSummary(
    int Shard, long Epoch, string Owner, long CommitSeq, long NextOffset, long ShardTimeMs, long ActionSeq, long PublishedSeq, long Segments, long SegmentBytes);

public sealed record Tally(string Name, long Count);

/// <param name="Held">Null for actions that were emitted.</param>
public sealed record ActionTally(string Tactic, string Kind, string? Held, long Count);

/// <param name="Amount">Over all shards and hours.</param>
public sealed record KpiSum(string Metric, string Currency, long Amount);
