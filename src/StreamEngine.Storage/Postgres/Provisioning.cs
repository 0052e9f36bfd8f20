using System.Globalization;
using Npgsql;
using StreamEngine.Engine;

namespace StreamEngine.Storage.Postgres;

/// <summary>What the servers of a store must agree on. Fixed once and for ever: where a shard lives follows from it.</summary>
/// <param name="StoreId">Tells this store from every other: servers of two stores must not be mixed.</param>
internal sealed record StoreIdentity(string Topic, int ShardCount, string StoreId, int Homes);

/// <summary>Writes a store's identity and its share of the shards to a server, or checks the server against it.</summary>
internal static class Provisioning
{
    /// <param name="known">From another server of the store; null for the first one.</param>
    /// <returns>What the server holds now.</returns>
    /// <exception cref="EngineFatalException">The server holds another topic, count or store, or is not this one of its servers.</exception>
    public static StoreIdentity Run(NpgsqlConnection connection, PostgresServer server, string topic, int shardCount, int homes, StoreIdentity? known)
    {
        using var transaction = connection.BeginTransaction();
        using (var insert = new NpgsqlCommand(
            """
            INSERT INTO meta (id, topic, shard_count, store_id, home, homes) VALUES (1, $1, $2, coalesce($3, gen_random_uuid()::text), $4, $5)
            ON CONFLICT (id) DO NOTHING
            """, connection)
        {
            Parameters =
            {
                new() { Value = topic }, new() { Value = shardCount }, new() { Value = (object?)known?.StoreId ?? DBNull.Value, DataTypeName = "text" },
                new() { Value = server.Home }, new() { Value = homes },
            },
        })
        {
            if (insert.ExecuteNonQuery() == 1) AddShards(connection, server.Home, shardCount, homes);
        }
        var (found, home) = Read(connection) ?? throw new InvalidOperationException("The row that was written a moment ago is not there.");
        transaction.Commit();
        Check(server, topic, shardCount, homes, found, home, known);
        return found;
    }

    /// <returns>Null for a server that was never provisioned.</returns>
    public static (StoreIdentity Identity, int Home)? Read(NpgsqlConnection connection)
    {
        using var select = new NpgsqlCommand("SELECT topic, shard_count, store_id, homes, home FROM meta", connection);
        using var row = select.ExecuteReader();
        return row.Read() ? (new StoreIdentity(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetInt32(3)), row.GetInt32(4)) : null;
    }

    private static void AddShards(NpgsqlConnection connection, int home, int shardCount, int homes)
    {
        using var insert = new NpgsqlCommand(
            """
            INSERT INTO shard (shard, epoch, owner, commit_seq, next_offset, shard_time_ms, action_seq, published_seq, taken_ms)
            SELECT number, 0, '', 0, -1, 0, 0, 0, 0 FROM generate_series($1, $2 - 1, $3) AS number
            """, connection)
        {
            Parameters = { new() { Value = home }, new() { Value = shardCount }, new() { Value = homes } },
        };
        insert.ExecuteNonQuery();
    }

    private static void Check(PostgresServer server, string topic, int shardCount, int homes, StoreIdentity found, int home, StoreIdentity? known)
    {
        if (!string.Equals(found.Topic, topic, StringComparison.Ordinal)) throw Fences.OtherTopic(server.Name, found.Topic, topic);
        if (found.ShardCount != shardCount) throw Fences.OtherShardCount(server.Name, topic, found.ShardCount, shardCount);
        if (found.Homes != homes)
        {
            throw new EngineFatalException(string.Create(CultureInfo.InvariantCulture,
                $"{server.Name} belongs to a store on {found.Homes} servers, and Store:ConnectionStrings names {homes}: ")
                + "where a shard lives was fixed when it was provisioned. Name the servers that it had then, in their order.");
        }
        if (home != server.Home)
        {
            throw new EngineFatalException(string.Create(CultureInfo.InvariantCulture,
                $"{server.Name} is server {home} of its store, and Store:ConnectionStrings names it as {server.Home}: put the list back in its order."));
        }
        if (known is not null && !string.Equals(known.StoreId, found.StoreId, StringComparison.Ordinal))
        {
            throw new EngineFatalException(
                $"{server.Name} belongs to another store than the servers before it in Store:ConnectionStrings: name the servers of one store.");
        }
    }
}
