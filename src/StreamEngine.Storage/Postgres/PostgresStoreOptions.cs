namespace StreamEngine.Storage.Postgres;

/// <summary>Which servers hold a PostgreSQL store, and how long anything may take there.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>
    /// Connection strings, a server each. Shard n lives on server n modulo their number: number and order are fixed when the shards are provisioned.
    /// </summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Its first line is the password on all servers, read again for each connection: it may change while the engine runs. Empty: none.</summary>
    public string PasswordFile { get; init; } = "";

    public int ConnectMs { get; init; } = 5_000;

    /// <summary>The server ends a statement of a commit after this long. The client waits a second more, then takes the connection for lost.</summary>
    public int StatementMs { get; init; } = 10_000;

    /// <summary>
    /// The server ends a transaction whose client says nothing for this long: a node that stands still in the middle of a commit gives its shards' rows
    /// back. Less than <see cref="LockMs"/>, so that a take-over waits it out; and little beside a session of the group, or that would not be what a take-over
    /// takes. An engine that is only slow says something within milliseconds, and one that does not loses this commit and reads its shards back.
    /// </summary>
    public int IdleInTransactionMs { get; init; } = 2_000;

    /// <summary>How long a statement waits for another transaction's row.</summary>
    public int LockMs { get; init; } = 8_000;
}
