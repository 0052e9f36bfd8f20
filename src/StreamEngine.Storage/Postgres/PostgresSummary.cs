using System.Data;
using Npgsql;

namespace StreamEngine.Storage.Postgres;

/// <summary>Counts what lies on a store's servers. Reads whole tables: seconds on a large one.</summary>
internal static class PostgresSummary
{
    /// <summary>What one server holds, all of the same moment.</summary>
    public static StoreSummary Read(NpgsqlConnection connection, string server)
    {
        using var snapshot = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        return new StoreSummary
        {
            Path = server,
            SchemaVersion = PostgresSchema.Of(connection, server).ReadVersion(),
            Topic = Provisioning.Read(connection)?.Identity.Topic,
            FileBytes = List(connection,
                """
                SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
                WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
                """,
                static row => row.GetInt64(0))[0],
            Shards = List(connection,
                """
                SELECT s.shard, s.epoch, s.owner, s.commit_seq, s.next_offset, s.shard_time_ms, s.action_seq, s.published_seq,
                       count(g.seq), coalesce(sum(octet_length(g.payload)), 0)::bigint
                FROM shard s LEFT JOIN segment g ON g.shard = s.shard GROUP BY s.shard ORDER BY s.shard
                """,
                static row => new ShardSummary(
                    row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7),
                    row.GetInt64(8), row.GetInt64(9))),
            CartsByPhase = List(
                connection,
                """
                SELECT phase, count(*)
                FROM (SELECT DISTINCT ON (shard, started_ms, visitor) phase FROM cart ORDER BY shard, started_ms, visitor, commit_seq DESC, place DESC) AS newest
                GROUP BY 1
                """,
                ReadTally),
            Actions = List(connection,
                "SELECT tactic, kind, held, count(*) FROM action GROUP BY 1, 2, 3",
                static row => new ActionTally(Text(row, 0), Text(row, 1), StoredColumn.Text(row, 2), row.GetInt64(3))),
            DeadLettersByReason = List(connection, "SELECT reason, count(*) FROM dead_letter GROUP BY 1", ReadTally),
            Kpis = List(connection,
                "SELECT metric, currency, sum(amount)::bigint FROM kpi GROUP BY 1, 2",
                static row => new KpiSum(Text(row, 0), Text(row, 1), row.GetInt64(2))),
            Contacts = List(connection, "SELECT count(*) FROM contact", static row => row.GetInt64(0))[0],
        };
    }

    /// <summary>The servers' figures together.</summary>
    public static StoreSummary Read(IReadOnlyList<StoreSummary> servers) => new()
    {
        Path = string.Join(", ", servers.Select(static server => server.Path)),
        SchemaVersion = servers.Min(static server => server.SchemaVersion),
        Topic = servers[0].Topic,
        FileBytes = servers.Sum(static server => server.FileBytes),
        Shards = [.. servers.SelectMany(static server => server.Shards).OrderBy(static shard => shard.Shard)],
        CartsByPhase = Sum(servers, static server => server.CartsByPhase),
        Actions = [.. servers.SelectMany(static server => server.Actions)
            .GroupBy(static tally => (tally.Tactic, tally.Kind, tally.Held))
            .Select(static same => same.First() with { Count = same.Sum(static tally => tally.Count) })
            .OrderBy(static tally => tally.Tactic, StringComparer.Ordinal).ThenBy(static tally => tally.Kind, StringComparer.Ordinal)
            .ThenBy(static tally => tally.Held, StringComparer.Ordinal)],
        DeadLettersByReason = Sum(servers, static server => server.DeadLettersByReason),
        Kpis = [.. servers.SelectMany(static server => server.Kpis)
            .GroupBy(static sum => (sum.Metric, sum.Currency))
            .Select(static same => same.First() with { Amount = same.Sum(static sum => sum.Amount) })
            .OrderBy(static sum => sum.Metric, StringComparer.Ordinal).ThenBy(static sum => sum.Currency, StringComparer.Ordinal)],
        Contacts = servers.Sum(static server => server.Contacts),
    };

    private static Tally[] Sum(IReadOnlyList<StoreSummary> servers, Func<StoreSummary, IReadOnlyList<Tally>> tallies) =>
        [.. servers.SelectMany(tallies)
            .GroupBy(static tally => tally.Name, StringComparer.Ordinal)
            .Select(static same => new Tally(same.Key, same.Sum(static tally => tally.Count)))
            .OrderBy(static tally => tally.Name, StringComparer.Ordinal)];

    private static Tally ReadTally(NpgsqlDataReader row) => new(Text(row, 0), row.GetInt64(1));

    private static string Text(NpgsqlDataReader row, int column) => StoredColumn.Text(row, column)!;

    private static List<T> List<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read)
    {
        using var select = new NpgsqlCommand(sql, connection);
        using var rows = select.ExecuteReader();
        var list = new List<T>();
        while (rows.Read()) list.Add(read(rows));
        return list;
    }
}
