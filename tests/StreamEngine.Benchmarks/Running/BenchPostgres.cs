using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Running;

/// <summary>The benchmarks' own PostgreSQL, flushing as a shop's does; started when it is first asked for, gone with the process.</summary>
public static class BenchPostgres
{
    private static readonly Lazy<(PrivatePostgres? Server, string Reason)> s_started = new(Start);

    public static bool IsThere(out string reason)
    {
        reason = s_started.Value.Reason;
        return s_started.Value.Server is not null;
    }

    /// <summary>An empty database; its connection string.</summary>
    public static string CreateDatabase() => s_started.Value.Server?.CreateDatabase() ?? throw new InvalidOperationException(s_started.Value.Reason);

    private static (PrivatePostgres? Server, string Reason) Start()
    {
        // docs/postgres.md, "The server".
        var server = PrivatePostgres.TryStart(out var reason, isDurable: true, "shared_buffers=512MB", "max_wal_size=4GB", "autovacuum_naptime=10s");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server?.Dispose();
        return (server, reason);
    }
}
