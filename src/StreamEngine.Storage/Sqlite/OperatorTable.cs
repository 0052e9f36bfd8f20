using Microsoft.Data.Sqlite;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Sqlite;

/// <summary>What operators see of a shard and do to it, on the writing connection.</summary>
internal static class OperatorTable
{
    public static ShardRecord Read(SqliteConnection connection, string path, int shard)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        using var select = new Statement(connection,
            """
            SELECT owner, epoch, taken_ms, commit_seq, next_offset, last_record_ms, shard_time_ms, action_seq, published_seq,
                   (SELECT count(*) FROM segment WHERE shard = ?1), (SELECT coalesce(sum(length(payload)), 0) FROM segment WHERE shard = ?1)
            FROM shard WHERE shard = ?1
            """);
        if (!select.Set(shard).NextRow()) throw Fences.UnknownShard(path, shard);
        return new ShardRecord(
            shard, select.Text(0), select.Number(1), select.Number(2), select.Number(3), select.Number(4), select.Number(5), select.Number(6), select.Number(7),
            select.Number(8), select.Number(9), select.Number(10), ReadNotes(connection, shard));
    }

    public static void Repair(SqliteConnection connection, string path, ShardRepair repair)
    {
        using var transaction = connection.BeginTransaction();
        var before = Read(connection, path, repair);
        using (var note = new Statement(connection,
            "INSERT INTO operator_note (shard, at_ms, by, kind, next_offset_before, next_offset, reason) VALUES (?, ?, ?, ?, ?, ?, ?)"))
        {
            note.Set(repair.Shard).Set(repair.AtMs).Set(repair.By).Set(repair.Kind.ToString()).Set(before).Set(repair.NextOffset).Set(repair.Reason).Run();
        }
        using (var update = new Statement(connection, "UPDATE shard SET epoch = epoch + 1, owner = '', next_offset = ?, last_record_ms = 0 WHERE shard = ?"))
        {
            update.Set(repair.NextOffset).Set(repair.Shard).Run();
        }
        if (repair.Kind == RepairKind.Forget) Forget(connection, repair.Shard);
        transaction.Commit();
    }

    /// <returns>The offset the shard is at.</returns>
    private static long Read(SqliteConnection connection, string path, ShardRepair repair)
    {
        using var select = new Statement(connection, "SELECT epoch, owner, next_offset FROM shard WHERE shard = ?");
        if (!select.Set(repair.Shard).NextRow()) throw Fences.UnknownShard(path, repair.Shard);
        var epoch = select.Number(0);
        if (epoch != repair.Epoch) throw Fences.Moved(path, repair.Shard, repair.Epoch, epoch, select.Text(1));
        return select.Number(2);
    }

    private static void Forget(SqliteConnection connection, int shard)
    {
        foreach (var sql in (ReadOnlySpan<string>)
            ["UPDATE shard SET shard_time_ms = 0 WHERE shard = ?", "DELETE FROM segment WHERE shard = ?", "DELETE FROM cart_block WHERE shard = ?", "DELETE FROM dead_letter WHERE shard = ?"])
        {
            using var statement = new Statement(connection, sql);
            statement.Set(shard).Run();
        }
    }

    private static List<OperatorNote> ReadNotes(SqliteConnection connection, int shard)
    {
        using var select = new Statement(connection, "SELECT at_ms, by, kind, next_offset_before, next_offset, reason FROM operator_note WHERE shard = ? ORDER BY id");
        select.Set(shard);
        var notes = new List<OperatorNote>();
        while (select.NextRow())
        {
            notes.Add(new OperatorNote(
                select.Number(0), select.Text(1), Enum.Parse<RepairKind>(select.Text(2)), select.Number(3), select.Number(4), select.Text(5)));
        }
        return notes;
    }
}
