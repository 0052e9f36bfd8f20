using Microsoft.Extensions.Logging;
using Npgsql;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Postgres;

/// <summary>
/// Shards in PostgreSQL, on one server or spread over several. A worker has a connection of its own to each, so workers commit side by side and a server
/// that is away holds up nobody but its own shards.
/// </summary>
public sealed partial class PostgresShardStore : IShardStore
{
    private static readonly TimeSpan ResolveRetry = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PostgresServer[] _servers;
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Home, string Owner), CommitLane> _lanes = [];
    private readonly ManualResetEventSlim _closing = new();
    private StoreIdentity? _identity;
    private bool _isClosed;

    /// <exception cref="EngineFatalException">A server cannot be reached, or is not one this engine can use.</exception>
    public PostgresShardStore(PostgresStoreOptions options, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _servers = [.. options.Servers.Select((_, home) => new PostgresServer(options, home))];
    }

    /// <summary>A database can come back at any time, so none is ever given up.</summary>
    public EngineFatalException? Loss => null;

    public int Homes => _servers.Length;

    public int HomeOf(int shard) => (int)((uint)shard % (uint)_servers.Length);

    /// <summary>
    /// A server that is away is left for later, when others of the store are there and say that it has been provisioned before: its shards wait for it.
    /// </summary>
    public void Provision(string topic, int shardCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        Dictionary<PostgresServer, Exception> away = [];
        var isNew = true;
        foreach (var server in _servers)
        {
            try
            {
                isNew &= !IsProvisioned(server);
            }
            catch (Exception error) when (PostgresTrouble.IsOfTheServer(error))
            {
                away.Add(server, error);
            }
        }
        foreach (var (server, error) in away)
        {
            if (isNew || !PostgresTrouble.IsPassing(error)) throw PostgresTrouble.Fatal(server.Name, error);
            LogServerAway(PostgresTrouble.Explain(server.Name, error, withDetail: true));
        }
        foreach (var server in _servers)
        {
            if (away.ContainsKey(server)) continue;
            try
            {
                _identity = Provision(server, topic, shardCount, _identity);
            }
            catch (Exception error) when (PostgresTrouble.IsOfTheServer(error))
            {
                throw PostgresTrouble.Fatal(server.Name, error);
            }
        }
    }

    /// <summary>The numbers of the servers that are there and have no commit of any shard: they are new, or as good as new.</summary>
    public IReadOnlyList<int> HomesWithoutCommit()
    {
        var homes = new List<int>();
        foreach (var server in _servers.Where(static server => server.IsVerified))
        {
            using var reader = server.OpenReader();
            if (!ShardTable.HasCommit(reader.Connection)) homes.Add(server.Home);
        }
        return homes;
    }

    public ShardLease TakeOver(int shard, string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        return OnHome(shard, (connection, server) =>
            ShardTable.TakeOver(connection, shard, owner, _time.GetUtcNow().ToUnixTimeMilliseconds()) ?? throw Fences.UnknownShard(server.Name, shard));
    }

    public ShardRecord ReadShard(int shard) => OnHome(shard, (connection, server) => OperatorTable.Read(connection, server.Name, shard));

    public void Repair(ShardRepair repair) => OnHome(repair.Shard, (connection, server) =>
    {
        OperatorTable.Repair(connection, server.Name, repair);
        return true;
    });
    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard) => ShardReading.Segments(_servers[HomeOf(shard)], shard);

    public IReadOnlyList<ActionRow> ReadOutbox(int shard, long afterSeq, int countMax) => ShardReading.Outbox(_servers[HomeOf(shard)], shard, afterSeq, countMax);

    public void Submit(CommitBatch batch)
    {
        lock (_gate)
        {
            if (!_isClosed && batch.Shards.Count > 0)
            {
                LaneOf(batch.Shards[0]).Add(batch);
                return;
            }
        }
        foreach (var commit in batch.Shards)
        {
            commit.Outcome = CommitOutcome.Failed;
            commit.Error = $"{_servers[HomeOf(commit.Shard)].Name}: the store is closed; nothing of the commit was written.";
        }
        batch.Complete();
    }

    public long ResolveCommitSeq(int shard, long epoch)
    {
        var server = _servers[HomeOf(shard)];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var connection = server.Open();
                return ShardTable.ReadCommitSeq(connection, shard, epoch);
            }
            catch (Exception error) when (PostgresTrouble.IsOfTheServer(error))
            {
                var told = PostgresTrouble.WhileOpen(server.Name, error);
                if (attempt == 1) LogResolveWaits(shard, told.Message);
                if (_closing.Wait(ResolveRetry)) throw told;
            }
        }
    }

    /// <summary>Writes what was handed over before, then closes. Batches that come later fail.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
        }
        _closing.Set();
        foreach (var lane in _lanes.Values) lane.Dispose();
        foreach (var server in _servers) server.Dispose();
    }

    /// <summary>Workers are few and live as long as the store, so lanes are never taken down.</summary>
    private CommitLane LaneOf(ShardCommit first)
    {
        var key = (HomeOf(first.Shard), first.Owner);
        if (!_lanes.TryGetValue(key, out var lane)) _lanes.Add(key, lane = new CommitLane(_servers[key.Item1], _logger));
        return lane;
    }

    private T OnHome<T>(int shard, Func<NpgsqlConnection, PostgresServer, T> ask)
    {
        var server = _servers[HomeOf(shard)];
        try
        {
            if (!server.IsVerified && _identity is { } known) Provision(server, known.Topic, known.ShardCount, known);
            using var reader = server.OpenReader();
            return ask(reader.Connection, server);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable && _identity is null)
        {
            throw Fences.UnknownShard(server.Name, shard);
        }
        catch (Exception error) when (PostgresTrouble.IsOfTheServer(error))
        {
            throw PostgresTrouble.WhileOpen(server.Name, error);
        }
    }

    private static bool IsProvisioned(PostgresServer server)
    {
        using var connection = server.Open();
        return PostgresSchema.Of(connection, server.Name).ReadVersion() > 0 && Provisioning.Read(connection) is not null;
    }

    private StoreIdentity Provision(PostgresServer server, string topic, int shardCount, StoreIdentity? known)
    {
        using var connection = server.Open();
        using (var wait = new NpgsqlCommand(PostgresSchema.LockSql, connection))
        {
            wait.ExecuteNonQuery();
        }
        // Closing the connection gives the lock back.
        var migrations = PostgresSchema.Of(connection, server.Name);
        migrations.Apply(migrations.ReadVersion(), _time.GetUtcNow().ToUnixTimeMilliseconds());
        var identity = Provisioning.Run(connection, server, topic, shardCount, _servers.Length, known);
        server.IsVerified = true;
        return identity;
    }
}
