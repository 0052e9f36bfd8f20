using System.Data;
using Npgsql;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Blocks;

namespace StreamEngine.Storage.Postgres;

/// <summary>What a new owner reads of a shard.</summary>
internal static class ShardReading
{
    /// <summary>A block may hold one action or a thousand: few at once, so that no more comes over the network than what was asked for and some MB.</summary>
    private const int BlocksAtOnce = 16;

    /// <summary>In order of sequence. The memory is used again for the next element.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Segments(PostgresServer server, int shard)
    {
        var buffer = Array.Empty<byte>();
        using var reader = Guard(server, server.OpenReader);
        using var select = new NpgsqlCommand("SELECT octet_length(payload), payload FROM segment WHERE shard = $1 ORDER BY seq", reader.Connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = shard } },
        };
        // Row by row from the network, never a whole result in memory.
        using var rows = Guard(server, () => select.ExecuteReader(CommandBehavior.SequentialAccess));
        while (Guard(server, rows.Read))
        {
            var length = Guard(server, () => rows.GetInt32(0));
            if (buffer.Length < length) buffer = new byte[Math.Max(length, 2 * buffer.Length)];
            Guard(server, () => rows.GetBytes(1, 0, buffer, 0, length));
            yield return buffer.AsMemory(0, length);
        }
    }

    public static IReadOnlyList<ActionRow> Outbox(PostgresServer server, int shard, long afterSeq, int countMax) => Guard(server, () =>
    {
        using var reader = server.OpenReader();
        var after = new NpgsqlParameter<long>();
        using var select = new NpgsqlCommand(
            """
            SELECT rows FROM action_block WHERE shard = $1 AND first_seq > 0 AND last_seq > $2
                AND first_seq >= coalesce((SELECT max(first_seq) FROM action_block WHERE shard = $1 AND first_seq > 0 AND first_seq <= $2 + 1), 0)
            ORDER BY first_seq LIMIT $3
            """, reader.Connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = shard }, after, new NpgsqlParameter<int> { TypedValue = BlocksAtOnce } },
        };
        var actions = new List<ActionRow>();
        for (var found = -1; actions.Count < countMax && actions.Count != found;)
        {
            found = actions.Count;
            after.TypedValue = found == 0 ? afterSeq : actions[^1].Seq;
            using var blocks = select.ExecuteReader();
            while (blocks.Read()) BlockReader.ReadOutbox(blocks.GetFieldValue<byte[]>(0), after.TypedValue, countMax, actions);
        }
        return actions;
    });

    private static T Guard<T>(PostgresServer server, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (PostgresTrouble.IsOfTheServer(error))
        {
            throw PostgresTrouble.WhileOpen(server.Name, error);
        }
    }
}
