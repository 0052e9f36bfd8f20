using System.Data;
using Npgsql;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Postgres;

/// <summary>What a new owner reads of a shard.</summary>
internal static class ShardReading
{
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
        using var select = new NpgsqlCommand(
            $"SELECT {ActionRows.Columns} FROM action WHERE shard = $1 AND seq > 0 AND seq > $2 ORDER BY seq LIMIT $3", reader.Connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = shard }, new NpgsqlParameter<long> { TypedValue = afterSeq }, new NpgsqlParameter<int> { TypedValue = countMax } },
        };
        using var rows = select.ExecuteReader();
        var actions = new List<ActionRow>();
        while (rows.Read()) actions.Add(ActionRows.Read(rows));
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

internal static class ActionRows
{
    public const string Columns =
        "seq, id, visitor, episode, tactic, kind, variant, held, reason, due_ms, not_before_ms, expires_ms, decided_ms, data";

    public static ActionRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), Text(row, 1)!, Text(row, 2)!, row.GetInt32(3), Text(row, 4)!, Text(row, 5)!, Text(row, 6), Text(row, 7), Text(row, 8)!,
        row.GetInt64(9), row.GetInt64(10), row.GetInt64(11), row.GetInt64(12), row.GetFieldValue<byte[]>(13));

    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : StoredText.Read(row.GetString(column));
}
