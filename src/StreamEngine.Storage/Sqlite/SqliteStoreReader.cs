using Microsoft.Data.Sqlite;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Blocks;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Reads a store, also while a host writes to it; never writes. Every call sees one committed state.
/// A long enumeration holds the host's log back: take what is needed and go on.
/// </summary>
public sealed class SqliteStoreReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly string _path;

    private SqliteStoreReader(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <exception cref="Engine.EngineFatalException">There is no store at this path, or not one this engine can read.</exception>
    public static SqliteStoreReader Open(string path)
    {
        var resolved = StoreFiles.Resolve(path);
        return new SqliteStoreReader(SqliteConnections.OpenReading(resolved), resolved);
    }

    public StoreSummary ReadSummary() => SqliteSummary.Read(_connection, _path);

    /// <summary>A shard with what operators did to it.</summary>
    public ShardRecord ReadShard(int shard)
    {
        try
        {
            return OperatorTable.Read(_connection, _path, shard);
        }
        catch (SqliteException error)
        {
            throw SqliteTrouble.WhileOpen(_path, error);
        }
    }

    /// <summary>In order of sequence. The memory is used again for the next element.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard)
    {
        var buffer = Array.Empty<byte>();
        using var rows = Query("SELECT payload FROM segment WHERE shard = ? ORDER BY seq").Set(shard);
        while (Next(rows))
        {
            var length = rows.Bytes(0).Length;
            if (buffer.Length < length) buffer = new byte[Math.Max(length, 2 * buffer.Length)];
            rows.Bytes(0).CopyTo(buffer);
            yield return buffer.AsMemory(0, length);
        }
    }

    public IReadOnlyList<ActionRow> ReadOutbox(int shard, long afterSeq, int countMax)
    {
        // From the block on that holds the next one. "first_seq > 0" lets the planner see that the partial index is enough.
        using var blocks = Query(
            """
            SELECT rows FROM action_block WHERE shard = ?1 AND first_seq > 0
                AND first_seq >= coalesce((SELECT max(first_seq) FROM action_block WHERE shard = ?1 AND first_seq > 0 AND first_seq <= ?2 + 1), 0)
            ORDER BY first_seq
            """).Set(shard).Set(afterSeq);
        var actions = new List<ActionRow>();
        while (actions.Count < countMax && Next(blocks)) BlockReader.ReadOutbox(blocks.Bytes(0), afterSeq, countMax, actions);
        return actions;
    }

    /// <summary>Emitted and held actions of a shard, in the order they were written.</summary>
    public IEnumerable<ActionRow> ReadActions(int shard)
    {
        using var blocks = Query("SELECT rows FROM action_block WHERE shard = ? ORDER BY rowid").Set(shard);
        var actions = new List<ActionRow>();
        while (Next(blocks))
        {
            actions.Clear();
            BlockReader.ReadActions(blocks.Bytes(0), actions);
            foreach (var action in actions) yield return action;
        }
    }

    /// <summary>Of every session the newest row.</summary>
    public IEnumerable<CartRow> ReadCarts(int shard)
    {
        using var blocks = Query("SELECT rows FROM cart_block WHERE shard = ? ORDER BY rowid").Set(shard);
        var rows = new List<CartRow>();
        while (Next(blocks)) BlockReader.ReadCarts(blocks.Bytes(0), rows);
        return BlockReader.Newest(rows);
    }

    public IEnumerable<KpiDelta> ReadKpis(int shard)
    {
        using var rows = Query("SELECT hour_ms, metric, currency, amount FROM kpi WHERE shard = ? ORDER BY hour_ms, metric, currency").Set(shard);
        while (Next(rows)) yield return new KpiDelta(rows.Number(0), rows.Text(1), rows.Text(2), rows.Number(3));
    }

    public IEnumerable<DeadLetterRow> ReadDeadLetters(int shard)
    {
        using var rows = Query(
            """
            SELECT "offset", reason, field, byte_position, time_ms FROM dead_letter WHERE shard = ? ORDER BY "offset"
            """).Set(shard);
        while (Next(rows)) yield return new DeadLetterRow(rows.Number(0), rows.Text(1), rows.TextOrNull(2), rows.Number(3), rows.Number(4));
    }

    public IEnumerable<ContactRow> ReadContacts()
    {
        using var rows = Query("SELECT ref, visitor, email, phone, locale, time_zone, updated_ms FROM contact ORDER BY ref");
        while (Next(rows))
        {
            yield return new ContactRow(
                rows.Text(0), rows.Text(1), rows.TextOrNull(2), rows.TextOrNull(3), rows.TextOrNull(4), rows.TextOrNull(5), rows.Number(6));
        }
    }

    public void Dispose() => _connection.Dispose();

    private Statement Query(string sql)
    {
        try
        {
            return new Statement(_connection, sql);
        }
        catch (SqliteException error)
        {
            throw SqliteTrouble.WhileOpen(_path, error);
        }
    }

    private bool Next(Statement rows)
    {
        try
        {
            return rows.NextRow();
        }
        catch (SqliteException error)
        {
            throw SqliteTrouble.WhileOpen(_path, error);
        }
    }
}
