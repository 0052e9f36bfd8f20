using System.Globalization;
using System.Runtime.ExceptionServices;
using Npgsql;
using StreamEngine.Engine;

namespace StreamEngine.Storage.Postgres;

/// <summary>
/// One of a store's servers, and the ways to reach it. Commits and questions about them have connections that are closed when they are done with:
/// after trouble nothing of the old one may be used again. Reading shares a few from a pool.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    /// <summary>Shards that are read back at the same time; more would only share the same disk.</summary>
    private const int ReadersMax = 4;

    private readonly PostgresStoreOptions _options;
    private readonly NpgsqlDataSource _own;
    private readonly NpgsqlDataSource _shared;
    private readonly SemaphoreSlim _readers = new(ReadersMax);

    /// <summary>Of the last attempt at reading that failed.</summary>
    private volatile Exception? _failure;

    /// <exception cref="EngineFatalException">The connection string cannot be used.</exception>
    public PostgresServer(PostgresStoreOptions options, int home)
    {
        _options = options;
        Home = home;
        var text = options.Servers[home];
        if (ServerAddress.Mistake(text) is { } mistake)
            throw new EngineFatalException(string.Create(CultureInfo.InvariantCulture, $"Store:ConnectionStrings:{home} {mistake}."));
        Name = ServerAddress.Name(text);
        _own = Build(ServerAddress.Parse(text)!, isShared: false);
        _shared = Build(ServerAddress.Parse(text)!, isShared: true);
    }

    /// <summary>Its place in the list, from 0.</summary>
    public int Home { get; }

    /// <summary>e.g. "db.example.com:5432/streamengine".</summary>
    public string Name { get; }

    /// <summary>Its tables are the newest, and it is the server of the store that its place in the list says.</summary>
    public bool IsVerified { get; set; }

    /// <summary>A new connection for the caller alone.</summary>
    public NpgsqlConnection Open() => Open(_own);

    /// <summary>A connection from the pool; waits while others have them all.</summary>
    public PooledReader OpenReader()
    {
        var seen = _failure;
        _readers.Wait();
        try
        {
            // Somebody has tried in vain while this one waited. A node with hundreds of shards here must not wait for the network once each.
            if (_failure is { } failure && !ReferenceEquals(failure, seen)) ExceptionDispatchInfo.Throw(failure);
            return new PooledReader(Open(_shared), _readers);
        }
        catch (Exception error)
        {
            _failure = error;
            _readers.Release();
            throw;
        }
    }

    public void Dispose()
    {
        _own.Dispose();
        _shared.Dispose();
        _readers.Dispose();
    }

    private static NpgsqlConnection Open(NpgsqlDataSource source)
    {
        var connection = source.CreateConnection();
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private NpgsqlDataSource Build(NpgsqlConnectionStringBuilder text, bool isShared)
    {
        if (!text.ShouldSerialize("Application Name")) text.ApplicationName = "streamengine";
        if (!ServerAddress.IsLocal(text)) text.SslMode = SslMode.VerifyFull;
        if (!text.ShouldSerialize("GSS Encryption Mode")) text.GssEncryptionMode = GssEncryptionMode.Disable;
        // Of several hosts in one string (a primary and its standbys) only the one that takes writes.
        if (text.Host!.Contains(',', StringComparison.Ordinal) && !text.ShouldSerialize("Target Session Attributes")) text.TargetSessionAttributes = "primary";
        text.Enlist = false;
        text.Pooling = isShared;
        text.MinPoolSize = 0;
        text.MaxPoolSize = ReadersMax;
        text.Timeout = Seconds(_options.ConnectMs);
        // A read of a whole shard may take long: its limit is that of a silent network.
        text.CommandTimeout = Seconds(_options.StatementMs + 1_000);
        text.CancellationTimeout = 1_000;
        text.TcpKeepAlive = true;
        text.TcpKeepAliveTime = 10;
        text.TcpKeepAliveInterval = 5;
        // Statements are few and always the same.
        text.MaxAutoPrepare = 32;
        text.AutoPrepareMinUsages = 2;
        // Tells whether it was COMMIT that failed. The text is never logged.
        text.IncludeFailedBatchedCommand = true;
        text.ReadBufferSize = 64 * 1024;
        text.WriteBufferSize = 64 * 1024;
        text.Options = $"{text.Options} {ServerOptions(isShared)}".Trim();
        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        if (_options.PasswordFile.Length > 0)
        {
            var file = _options.PasswordFile;
            builder.UsePasswordProvider(_ => ReadPassword(file), (_, _) => ValueTask.FromResult(ReadPassword(file)));
        }
        return builder.Build();
    }

    /// <summary>What the server itself watches over, for it may be the client that stands still or is gone.</summary>
    private string ServerOptions(bool isShared) => string.Create(CultureInfo.InvariantCulture,
        $"-c statement_timeout={(isShared ? 0 : _options.StatementMs)} -c lock_timeout={_options.LockMs} ")
        + string.Create(CultureInfo.InvariantCulture,
        $"-c idle_in_transaction_session_timeout={_options.IdleInTransactionMs} -c tcp_user_timeout={_options.StatementMs} ")
        + "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
        // Before a commit is acknowledged it is on the server's disk, whatever the server's own default.
        + "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed";

    private static string ReadPassword(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ShardStoppedException($"The password file {file} cannot be read: {error.Message.TrimEnd('.')}. Correct Store:PasswordFile, or give the engine's user the right to read it.", error);
        }
    }

    private static int Seconds(int ms) => Math.Max(1, (ms + 999) / 1_000);
}

/// <summary>A connection on loan from a server's pool.</summary>
internal sealed class PooledReader(NpgsqlConnection connection, SemaphoreSlim readers) : IDisposable
{
    public NpgsqlConnection Connection { get; } = connection;

    public void Dispose()
    {
        Connection.Dispose();
        readers.Release();
    }
}
