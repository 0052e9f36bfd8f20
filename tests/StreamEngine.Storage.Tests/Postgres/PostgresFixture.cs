using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Storage.Postgres;
using StreamEngine.Storage.Tests.Postgres;
using StreamEngine.TestKit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace StreamEngine.Storage.Tests.Postgres;

/// <summary>One server for all tests that only need databases of their own; started by the first of them.</summary>
public sealed class PostgresFixture : IDisposable
{
    private static readonly Lazy<(PrivatePostgres? Server, string Reason)> Started = new(static () => (PrivatePostgres.TryStart(out var reason), reason));

    /// <summary>Skips the test where there is no PostgreSQL.</summary>
    public static PrivatePostgres Server
    {
        get
        {
            Assert.SkipWhen(Started.Value.Server is null, Started.Value.Reason);
            return Started.Value.Server!;
        }
    }

    /// <summary>A server of the test's own, to be stopped and started.</summary>
    public static PrivatePostgres StartOwn(params string[] settings)
    {
        var server = PrivatePostgres.TryStart(out var reason, isDurable: false, settings);
        Assert.SkipWhen(server is null, reason);
        return server!;
    }

    public static PostgresStoreOptions Options(params string[] servers) => new() { Servers = servers };

    public static PostgresShardStore Open(params string[] servers) => Open(Options(servers));

    public static PostgresShardStore Open(PostgresStoreOptions options, ILogger? logger = null) => new(options, TimeProvider.System, logger ?? NullLogger.Instance);

    public void Dispose()
    {
        if (Started.IsValueCreated) Started.Value.Server?.Dispose();
    }
}
