using Npgsql;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Blocks;

namespace StreamEngine.Storage.Postgres;

/// <summary>What operators see of a shard and do to it, on its server.</summary>
internal static class OperatorTable
{
    private const string ForgetSql =
        """
        UPDATE shard SET shard_time_ms = 0 WHERE shard = $1;
        DELETE FROM segment WHERE shard = $1;
        DELETE FROM cart_block WHERE shard = $1;
        DELETE FROM dead_letter WHERE shard = $1
        """;

    public static ShardRecord Read(NpgsqlConnection connection, string server, int shard)
    {
        using var snapshot = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
        var notes = ReadNotes(connection, shard);
        using var select = Statement(connection,
            """
            SELECT owner, epoch, taken_ms, commit_seq, next_offset, last_record_ms, shard_time_ms, action_seq, published_seq,
                   (SELECT count(*) FROM segment WHERE shard = $1),
                   (SELECT coalesce(sum(octet_length(payload)), 0)::bigint FROM segment WHERE shard = $1)
            FROM shard WHERE shard = $1
            """, shard);
        using var row = select.ExecuteReader();
        if (!row.Read()) throw Fences.UnknownShard(server, shard);
        return new ShardRecord(
            shard, row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7),
            row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), notes);
    }

    public static void Repair(NpgsqlConnection connection, string server, ShardRepair repair)
    {
        using var transaction = connection.BeginTransaction();
        var before = Lock(connection, server, repair);
        using (var note = Statement(connection,
            "INSERT INTO operator_note (shard, at_ms, by, kind, next_offset_before, next_offset, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            repair.Shard, repair.AtMs, StoredText.Write(repair.By), repair.Kind.ToString(), before, repair.NextOffset, StoredText.Write(repair.Reason)))
        {
            note.ExecuteNonQuery();
        }
        using (var update = Statement(connection,
            "UPDATE shard SET epoch = epoch + 1, owner = '', next_offset = $1, last_record_ms = 0 WHERE shard = $2", repair.NextOffset, repair.Shard))
        {
            update.ExecuteNonQuery();
        }
        if (repair.Kind == RepairKind.Forget)
        {
            foreach (var sql in ForgetSql.Split(';'))
            {
                using var forget = Statement(connection, sql, repair.Shard);
                forget.ExecuteNonQuery();
            }
        }
        transaction.Commit();
    }

    /// <summary>From here on neither a commit nor a take-over comes in between.</summary>
    /// <returns>The offset the shard is at.</returns>
    private static long Lock(NpgsqlConnection connection, string server, ShardRepair repair)
    {
        using var select = Statement(connection, "SELECT epoch, owner, next_offset FROM shard WHERE shard = $1 FOR NO KEY UPDATE", repair.Shard);
        using var row = select.ExecuteReader();
        if (!row.Read()) throw Fences.UnknownShard(server, repair.Shard);
        var epoch = row.GetInt64(0);
        return epoch == repair.Epoch ? row.GetInt64(2) : throw Fences.Moved(server, repair.Shard, repair.Epoch, epoch, row.GetString(1));
    }

    private static List<OperatorNote> ReadNotes(NpgsqlConnection connection, int shard)
    {
        using var select = Statement(connection,
            "SELECT at_ms, by, kind, next_offset_before, next_offset, reason FROM operator_note WHERE shard = $1 ORDER BY id", shard);
        using var row = select.ExecuteReader();
        var notes = new List<OperatorNote>();
        while (row.Read())
        {
            notes.Add(new OperatorNote(
                row.GetInt64(0), StoredColumn.Text(row, 1)!, Enum.Parse<RepairKind>(row.GetString(2)), row.GetInt64(3), row.GetInt64(4), StoredColumn.Text(row, 5)!));
        }
        return notes;
    }

    private static NpgsqlCommand Statement(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
