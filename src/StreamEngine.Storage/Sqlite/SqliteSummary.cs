using Microsoft.Data.Sqlite;

namespace StreamEngine.Storage.Sqlite;

/// <summary>Counts what lies in a store. Reads whole tables: seconds on a large one.</summary>
internal static class SqliteSummary
{
    public static StoreSummary Read(SqliteConnection connection, string path)
    {
        try
        {
            // One transaction, so that all figures are of the same commit.
            using var snapshot = connection.BeginTransaction(deferred: true);
            return new StoreSummary
            {
                Path = path,
                SchemaVersion = SqliteSchema.Of(connection, path).ReadVersion(),
                Topic = List(connection, "SELECT topic FROM meta", row => row.Text(0)).FirstOrDefault(),
                FileBytes = Length(path) + Length(path + "-wal"),
                Shards = List(connection,
                    """
                    SELECT s.shard, s.epoch, s.owner, s.commit_seq, s.next_offset, s.shard_time_ms, s.action_seq, s.published_seq,
                           count(g.seq), coalesce(sum(length(g.payload)), 0)
                    FROM shard s LEFT JOIN segment g ON g.shard = s.shard GROUP BY s.shard ORDER BY s.shard
                    """,
                    row => new ShardSummary(
                        (int)row.Number(0), row.Number(1), row.Text(2), row.Number(3), row.Number(4), row.Number(5), row.Number(6), row.Number(7),
                        row.Number(8), row.Number(9))),
                // SQLite takes the phase from the row that has the largest of them.
                CartsByPhase = List(connection,
                    "SELECT phase, count(*) FROM (SELECT phase, max((commit_seq << 32) + place) FROM cart GROUP BY shard, started_ms, visitor) GROUP BY 1 ORDER BY 1",
                    ReadTally),
                Actions = ActionCounts.Read(connection),
                DeadLettersByReason = List(connection, "SELECT reason, count(*) FROM dead_letter GROUP BY 1 ORDER BY 1", ReadTally),
                Kpis = List(connection,
                    "SELECT metric, currency, sum(amount) FROM kpi GROUP BY 1, 2 ORDER BY 1, 2",
                    row => new KpiSum(row.Text(0), row.Text(1), row.Number(2))),
                Contacts = List(connection, "SELECT count(*) FROM contact", row => row.Number(0))[0],
            };
        }
        catch (SqliteException error)
        {
            throw SqliteTrouble.WhileOpen(path, error);
        }
    }

    private static Tally ReadTally(Statement row) => new(row.Text(0), row.Number(1));

    private static List<T> List<T>(SqliteConnection connection, string sql, Func<Statement, T> read)
    {
        using var rows = new Statement(connection, sql);
        var list = new List<T>();
        while (rows.NextRow()) list.Add(read(rows));
        return list;
    }

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
