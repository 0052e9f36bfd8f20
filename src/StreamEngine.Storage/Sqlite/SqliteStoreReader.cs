using Microsoft.Data.Sqlite;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Reads a store, also while a host writes to it; never writes. Every call sees one committed state.
/// A long enumeration holds the host's log back: take what is needed and go on.
/// </summary>
public sealed class SqliteStoreReader : IDisposable
{
    private const string ActionColumns =
        "seq, id, visitor, episode, tactic, kind, variant, held, reason, due_ms, not_before_ms, expires_ms, decided_ms, data";

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
        // "seq > 0" lets the planner see that the partial index on the outbox is enough.
        using var rows = Query($"SELECT {ActionColumns} FROM action WHERE shard = ? AND seq > 0 AND seq > ? ORDER BY seq LIMIT ?");
        rows.Set(shard).Set(afterSeq).Set(countMax);
        var actions = new List<ActionRow>();
        while (Next(rows)) actions.Add(ReadAction(rows));
        return actions;
    }

    /// <summary>Emitted and held actions of a shard, in the order they were written.</summary>
    public IEnumerable<ActionRow> ReadActions(int shard)
    {
        using var rows = Query($"SELECT {ActionColumns} FROM action WHERE shard = ? ORDER BY rowid").Set(shard);
        while (Next(rows)) yield return ReadAction(rows);
    }

    /// <summary>Of every session the newest row: SQLite takes the other columns from the row that has the largest row id.</summary>
    public IEnumerable<CartRow> ReadCarts(int shard)
    {
        using var rows = Query(
            """
            SELECT visitor, started_ms, episode, phase, value_minor, currency, line_count, abandoned_ms, updated_ms, max(rowid)
            FROM cart WHERE shard = ? GROUP BY visitor, started_ms ORDER BY visitor, started_ms
            """).Set(shard);
        while (Next(rows))
        {
            yield return new CartRow(
                rows.Text(0), rows.Number(1), (int)rows.Number(2), rows.Text(3), rows.Number(4), rows.Text(5), (int)rows.Number(6), rows.Number(7), rows.Number(8));
        }
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

    private static ActionRow ReadAction(Statement row) => new(
        row.Number(0), row.Text(1), row.Text(2), (int)row.Number(3), row.Text(4), row.Text(5), row.TextOrNull(6), row.TextOrNull(7), row.Text(8),
        row.Number(9), row.Number(10), row.Number(11), row.Number(12), row.Bytes(13).ToArray());

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
