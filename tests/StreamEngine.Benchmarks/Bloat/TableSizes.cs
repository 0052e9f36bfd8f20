using Npgsql;

namespace StreamEngine.Benchmarks.Bloat;

/// <summary>What a table takes on the disk and what of it is dead, as the server counts it.</summary>
/// <param name="ToastBytes">Of the table beside it that holds long values, with its index; 0 where there is none.</param>
/// <param name="HotShare">Of the updates, those that touched no index; NaN without updates.</param>
public sealed record TableSize(
    string Name, long HeapBytes, long IndexBytes, long ToastBytes, long LiveRows, long DeadRows, long DeadChunks, double HotShare, long Vacuums, long ToastVacuums)
{
    public long Bytes => HeapBytes + IndexBytes + ToastBytes;

    public static List<TableSize> Read(NpgsqlConnection connection)
    {
        using var select = new NpgsqlCommand(
            """
            SELECT c.relname, pg_relation_size(c.oid), pg_indexes_size(c.oid), coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0),
                   s.n_live_tup, s.n_dead_tup, coalesce(t.n_dead_tup, 0),
                   CASE WHEN s.n_tup_upd = 0 THEN 'NaN' ELSE s.n_tup_hot_upd::float8 / s.n_tup_upd END, s.autovacuum_count, coalesce(t.autovacuum_count, 0)
            FROM pg_class c JOIN pg_stat_all_tables s ON s.relid = c.oid LEFT JOIN pg_stat_all_tables t ON t.relid = c.reltoastrelid
            WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname
            """, connection);
        using var rows = select.ExecuteReader();
        var sizes = new List<TableSize>();
        while (rows.Read())
        {
            sizes.Add(new TableSize(
                rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6), rows.GetDouble(7),
                rows.GetInt64(8), rows.GetInt64(9)));
        }
        return sizes;
    }

    /// <summary>Bytes of the segments that are there: what the log would take without anything dead.</summary>
    public static long SegmentBytes(NpgsqlConnection connection)
    {
        using var select = new NpgsqlCommand("SELECT coalesce(sum(octet_length(payload)), 0)::bigint FROM segment", connection);
        return (long)select.ExecuteScalar()!;
    }
}
