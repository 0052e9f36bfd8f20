using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using StreamEngine.Engine;

namespace StreamEngine.Storage.Postgres;

/// <summary>What the server's and the client's errors mean for somebody who runs the engine: the server, what was found, and the mend.</summary>
internal static class PostgresTrouble
{
    /// <summary>idle_in_transaction_session_timeout. The client does not name it.</summary>
    private const string IdleInTransaction = "25P03";

    /// <summary>For a store that cannot be opened: the process ends.</summary>
    public static EngineFatalException Fatal(string server, Exception error) => new(Explain(server, error, withDetail: true), error);

    /// <summary>
    /// For a store that is open. What passes by itself is tried again soon; what somebody has to mend stops the shard, and is tried again now and then.
    /// </summary>
    public static Exception WhileOpen(string server, Exception error) => IsPassing(error)
        ? new IOException(Explain(server, error, withDetail: false), error)
        : new ShardStoppedException(Explain(server, error, withDetail: false), error);

    /// <summary>An error of the server or of the way to it, as against a bug.</summary>
    public static bool IsOfTheServer(Exception error) =>
        error is NpgsqlException or SocketException or TimeoutException or IOException or AuthenticationException or ShardStoppedException;

    /// <param name="withDetail">
    /// While the store is open, one outage shows itself in many ways (reset, refused, starting up): it must read the same each time, for it is told once.
    /// </param>
    public static string Explain(string server, Exception error, bool withDetail)
    {
        if (OfPasswordFile(error) is { } text) return text;
        if (!IsOfTheServer(error))
        {
            return $"{server}: nothing of the commit was written, because of a bug of the engine; "
                + $"report it with this message ({error.GetType().Name}: {error.Message}).";
        }
        if (IsUnreachable(error))
        {
            return $"{server}: the database cannot be reached. Check that the server runs and that the network leads to it; "
                + (withDetail ? $"Host and Port are in Store:ConnectionStrings ({Innermost(error)})." : "nothing was lost, and the engine goes on from its last commit.");
        }
        return $"{server}: {Mend(error)} ({Native(error)}).";
    }

    private static string Mend(Exception error) => error is PostgresException postgres
        ? Mend(postgres.SqlState)
        : IsOfTls(error)
            ? "no encrypted connection to the host that was named. The server needs ssl = on and a certificate for this host name, signed by an authority that "
                + "the system knows or that Root Certificate=PATH in the connection string names"
            : IsOfPassword(error)
                ? "the server asks for a password. Put it into a file and name that with Store:PasswordFile"
                : "nothing of the commit was written";

    private static string Mend(string code) => code switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            "the server refuses this user or password. Correct Username in Store:ConnectionStrings, the file that Store:PasswordFile names, or the server's pg_hba.conf",
        PostgresErrorCodes.InvalidCatalogName =>
            "there is no such database. Make it with createdb, or correct Database in Store:ConnectionStrings",
        PostgresErrorCodes.InsufficientPrivilege =>
            "the engine's user may not do this. Make it the owner of the database: it makes and changes its tables itself",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "the server takes no writes: it is a standby, or default_transaction_read_only is on. Name the primary in Store:ConnectionStrings; "
            + "nothing was lost, and the engine goes on from its last commit",
        PostgresErrorCodes.DiskFull =>
            "the server's disk is full. Free space; nothing was lost, and the engine goes on from its last commit",
        PostgresErrorCodes.OutOfMemory =>
            "the server is out of memory. Give it more, or lower its shared_buffers and work_mem",
        PostgresErrorCodes.TooManyConnections =>
            "the server has no connection left. Raise its max_connections: each worker keeps one, and a node up to four more while shards are read back",
        PostgresErrorCodes.QueryCanceled =>
            "the server took longer than allowed. Look for a slow disk, an overloaded server or a lock that somebody holds; nothing was lost, and it is tried again",
        PostgresErrorCodes.LockNotAvailable =>
            "another transaction holds a shard's row. Look for a forgotten transaction in pg_stat_activity; nothing was lost, and it is tried again",
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure =>
            "another transaction came in between. Nothing was lost, and it is tried again",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
            "the store's tables are not as the engine made them. Put back a backup of the database, or name another one in Store:ConnectionStrings",
        PostgresErrorCodes.IoError or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            "the server's disk reports an error or its files are damaged. Look into its log, and put back a backup if it says so; the engine goes on where that one stands",
        _ when IsOfTheRows(code) =>
            "a row breaks a rule of the store, which is a bug of the engine. Nothing of the commit was written; report it with this message",
        _ => "nothing of the commit was written",
    };

    private static bool IsOfTheRows(string code) => code.StartsWith("22", StringComparison.Ordinal) || code.StartsWith("23", StringComparison.Ordinal);

    public static bool IsPassing(Exception error) => IsUnreachable(error) || error is PostgresException
    {
        SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.TooManyConnections,
    };

    private static bool IsUnreachable(Exception error) => error is PostgresException postgres
        ? postgres.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or IdleInTransaction || postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
        : !IsOfTls(error) && !IsOfPassword(error) && OfPasswordFile(error) is null && IsOfTheServer(error);

    /// <summary>The client wraps what the reading of the file says.</summary>
    private static string? OfPasswordFile(Exception error) => (error as ShardStoppedException ?? error.InnerException as ShardStoppedException)?.Message;

    // The client has no types of its own for these.
    private static bool IsOfTls(Exception error) =>
        error.InnerException is AuthenticationException || error is AuthenticationException || error.Message.Contains("SSL", StringComparison.Ordinal);

    private static bool IsOfPassword(Exception error) => error.Message.Contains("No password has been provided", StringComparison.Ordinal);

    private static string Native(Exception error) => error is PostgresException postgres
        ? $"PostgreSQL error {postgres.SqlState}: {postgres.MessageText}"
        : Innermost(error);

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error.Message.TrimEnd('.');
    }
}
