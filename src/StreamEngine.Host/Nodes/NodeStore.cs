using Microsoft.Extensions.Logging;
using StreamEngine.Engine.Stores;
using StreamEngine.Host.Settings;
using StreamEngine.Storage;
using StreamEngine.Storage.Postgres;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Host.Nodes;

/// <summary>The store that the settings name.</summary>
public static class NodeStore
{
    public static IShardStore Open(StorePart part, TimeProvider time, ILoggerFactory loggers) => IsPostgres(part)
        ? new PostgresShardStore(OptionsOf(part), time, loggers.CreateLogger<PostgresShardStore>())
        : new SqliteShardStore(new SqliteStoreOptions { Path = part.Path }, time, loggers.CreateLogger<SqliteShardStore>());

    public static StoreSummary ReadSummary(StorePart part)
    {
        if (IsPostgres(part))
        {
            using var servers = PostgresStoreReader.Open(OptionsOf(part));
            return servers.ReadSummary();
        }
        using var file = SqliteStoreReader.Open(part.Path);
        return file.ReadSummary();
    }

    /// <summary>A shard with what operators did to it.</summary>
    public static ShardRecord ReadShard(StorePart part, int shard)
    {
        if (IsPostgres(part))
        {
            using var servers = PostgresStoreReader.Open(OptionsOf(part));
            return servers.ReadShard(shard);
        }
        using var file = SqliteStoreReader.Open(part.Path);
        return file.ReadShard(shard);
    }

    /// <summary>The shards of a file or server on which no shard has ever committed: it is new, or it was lost.</summary>
    public static IReadOnlyList<int> ShardsWithoutStore(IShardStore store, int shardCount)
    {
        var all = Enumerable.Range(0, shardCount);
        if (store is SqliteShardStore file)
        {
            return file.HasCommit() ? [] : [.. all];
        }
        var homes = ((PostgresShardStore)store).HomesWithoutCommit();
        return [.. all.Where(shard => homes.Contains(store.HomeOf(shard)))];
    }

    /// <summary>As messages name it.</summary>
    public static string Name(StorePart part) => IsPostgres(part) ? string.Join(", ", part.ConnectionStrings.Select(ServerAddress.Name)) : part.Path;

    /// <summary>How an operator brings back one that was lost, as the start of a sentence.</summary>
    public static string Mend(StorePart part) => IsPostgres(part)
        ? "Correct Store:ConnectionStrings, or put a backup of the database back"
        : "Correct Store:Path, or put the file back, or a backup of it with its -wal file";

    private static bool IsPostgres(StorePart part) => part.Kind.Equals(StorePart.Postgres, StringComparison.Ordinal);

    private static PostgresStoreOptions OptionsOf(StorePart part) => new() { Servers = part.ConnectionStrings, PasswordFile = part.PasswordFile };
}
