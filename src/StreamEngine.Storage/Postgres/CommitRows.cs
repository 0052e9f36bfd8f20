using Npgsql;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Postgres;

/// <summary>
/// The rows of a commit as statements, one a table: columns go over as arrays, and the server makes rows of them. Sorted by key, so that two transactions that
/// meet in the same rows lock them in the same order, and neighbours land in the same pages.
/// </summary>
internal static class CommitRows
{
    private const string DropSegmentsSql =
        "DELETE FROM segment s USING unnest($1, $2) AS d (shard, below) WHERE s.shard = d.shard AND s.seq < d.below";

    private const string AddSegmentSql = "INSERT INTO segment (shard, seq, payload) VALUES ($1, $2, $3)";

    private const string PutCartsSql =
        """
        INSERT INTO cart (shard, visitor, episode, phase, value_minor, currency, line_count, abandoned_ms, updated_ms)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (shard, visitor) DO UPDATE SET
            episode = excluded.episode, phase = excluded.phase, value_minor = excluded.value_minor, currency = excluded.currency,
            line_count = excluded.line_count, abandoned_ms = excluded.abandoned_ms, updated_ms = excluded.updated_ms
        """;

    private const string AddActionsSql =
        """
        INSERT INTO action (shard, seq, id, visitor, episode, tactic, kind, variant, held, reason,
                            due_ms, not_before_ms, expires_ms, decided_ms, data, commit_seq, place)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (shard, id) DO NOTHING
        """;

    private const string AddKpisSql =
        """
        INSERT INTO kpi (shard, hour_ms, metric, currency, amount) SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT (shard, hour_ms, metric, currency) DO UPDATE SET amount = kpi.amount + excluded.amount
        """;

    private const string AddDeadLettersSql =
        """
        INSERT INTO dead_letter (shard, "offset", reason, field, byte_position, time_ms) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (shard, "offset") DO NOTHING
        """;

    private const string PutContactsSql =
        """
        INSERT INTO contact (ref, visitor, email, phone, locale, time_zone, updated_ms) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (ref) DO UPDATE SET
            visitor = excluded.visitor, email = coalesce(excluded.email, contact.email), phone = coalesce(excluded.phone, contact.phone),
            locale = coalesce(excluded.locale, contact.locale), time_zone = coalesce(excluded.time_zone, contact.time_zone), updated_ms = excluded.updated_ms
        """;

    public static void AddTo(NpgsqlBatch batch, List<ShardCommit> commits)
    {
        DropSegments(batch, commits.FindAll(static commit => commit.DropSegmentsBelow > 0));
        foreach (var commit in commits)
        {
            if (commit.Segment.WrittenCount == 0) continue;
            var add = new NpgsqlBatchCommand(AddSegmentSql);
            Add(add, commit.Shard);
            Add(add, commit.CommitSeq);
            // The worker's own buffer: it is not touched before the batch is done.
            Add(add, commit.Segment.WrittenMemory);
            batch.BatchCommands.Add(add);
        }
        PutCarts(batch, commits);
        AddActions(batch, commits);
        AddKpis(batch, commits);
        AddDeadLetters(batch, commits);
        PutContacts(batch, commits);
    }

    private static void DropSegments(NpgsqlBatch batch, List<ShardCommit> drops)
    {
        if (drops.Count == 0) return;
        var columns = Statement(batch, DropSegmentsSql);
        Column(columns, drops, static commit => commit.Shard);
        Column(columns, drops, static commit => commit.DropSegmentsBelow);
    }

    private static void PutCarts(NpgsqlBatch batch, List<ShardCommit> commits)
    {
        // A statement may touch a row once: the newest of a visitor.
        var newest = new SortedDictionary<(int Shard, string Visitor), CartRow>(ByShardAndName);
        foreach (var commit in commits)
        {
            foreach (var row in commit.Carts) newest[(commit.Shard, row.Visitor)] = row;
        }
        if (newest.Count == 0) return;
        var columns = Statement(batch, PutCartsSql);
        Column(columns, newest.Keys, static key => key.Shard);
        TextColumn(columns, newest.Keys, static key => key.Visitor);
        Column(columns, newest.Values, static row => row.Episode);
        TextColumn(columns, newest.Values, static row => row.Phase);
        Column(columns, newest.Values, static row => row.ValueMinor);
        TextColumn(columns, newest.Values, static row => row.Currency);
        Column(columns, newest.Values, static row => row.LineCount);
        Column(columns, newest.Values, static row => row.AbandonedMs);
        Column(columns, newest.Values, static row => row.UpdatedMs);
    }

    private static void AddActions(NpgsqlBatch batch, List<ShardCommit> commits)
    {
        var rows = new List<(ShardCommit Commit, ActionRow Row, int Place)>();
        foreach (var commit in commits)
        {
            for (var place = 0; place < commit.Actions.Count; place++) rows.Add((commit, commit.Actions[place], place));
        }
        if (rows.Count == 0) return;
        var columns = Statement(batch, AddActionsSql);
        Column(columns, rows, static at => at.Commit.Shard);
        Column(columns, rows, static at => at.Row.Seq);
        TextColumn(columns, rows, static at => at.Row.Id);
        TextColumn(columns, rows, static at => at.Row.Visitor);
        Column(columns, rows, static at => at.Row.Episode);
        TextColumn(columns, rows, static at => at.Row.Tactic);
        TextColumn(columns, rows, static at => at.Row.Kind);
        TextColumn(columns, rows, static at => at.Row.Variant);
        TextColumn(columns, rows, static at => at.Row.Held);
        TextColumn(columns, rows, static at => at.Row.Reason);
        Column(columns, rows, static at => at.Row.DueMs);
        Column(columns, rows, static at => at.Row.NotBeforeMs);
        Column(columns, rows, static at => at.Row.ExpiresMs);
        Column(columns, rows, static at => at.Row.DecidedMs);
        Column(columns, rows, static at => at.Row.Data);
        Column(columns, rows, static at => at.Commit.CommitSeq);
        Column(columns, rows, static at => at.Place);
    }

    private static void AddKpis(NpgsqlBatch batch, List<ShardCommit> commits)
    {
        var sums = new SortedDictionary<(int Shard, long HourMs, string Metric, string Currency), long>(ByKpi);
        foreach (var commit in commits)
        {
            foreach (var row in commit.Kpis)
            {
                var key = (commit.Shard, row.HourMs, row.Metric, row.Currency);
                sums[key] = sums.GetValueOrDefault(key) + row.Amount;
            }
        }
        if (sums.Count == 0) return;
        var columns = Statement(batch, AddKpisSql);
        Column(columns, sums.Keys, static key => key.Shard);
        Column(columns, sums.Keys, static key => key.HourMs);
        TextColumn(columns, sums.Keys, static key => key.Metric);
        TextColumn(columns, sums.Keys, static key => key.Currency);
        Column(columns, sums.Values, static amount => amount);
    }

    private static void AddDeadLetters(NpgsqlBatch batch, List<ShardCommit> commits)
    {
        // Of a commit they are in order of their offsets.
        var rows = commits.SelectMany(static commit => commit.DeadLetters, static (commit, row) => (commit.Shard, Row: row)).ToList();
        if (rows.Count == 0) return;
        var columns = Statement(batch, AddDeadLettersSql);
        Column(columns, rows, static at => at.Shard);
        Column(columns, rows, static at => at.Row.Offset);
        TextColumn(columns, rows, static at => at.Row.Reason);
        TextColumn(columns, rows, static at => at.Row.Field);
        Column(columns, rows, static at => at.Row.BytePosition);
        Column(columns, rows, static at => at.Row.TimeMs);
    }

    private static void PutContacts(NpgsqlBatch batch, List<ShardCommit> commits)
    {
        var newest = new SortedDictionary<string, ContactRow>(StringComparer.Ordinal);
        foreach (var row in commits.SelectMany(static commit => commit.Contacts)) newest[row.Ref] = newest.TryGetValue(row.Ref, out var old) ? Over(old, row) : row;
        if (newest.Count == 0) return;
        var columns = Statement(batch, PutContactsSql);
        TextColumn(columns, newest.Values, static row => row.Ref);
        TextColumn(columns, newest.Values, static row => row.Visitor);
        TextColumn(columns, newest.Values, static row => row.Email);
        TextColumn(columns, newest.Values, static row => row.Phone);
        TextColumn(columns, newest.Values, static row => row.Locale);
        TextColumn(columns, newest.Values, static row => row.TimeZone);
        Column(columns, newest.Values, static row => row.UpdatedMs);
    }

    private static ContactRow Over(ContactRow old, ContactRow row) => row with
    {
        Email = row.Email ?? old.Email,
        Phone = row.Phone ?? old.Phone,
        Locale = row.Locale ?? old.Locale,
        TimeZone = row.TimeZone ?? old.TimeZone,
    };

    private static readonly Comparer<(int Shard, string Name)> ByShardAndName = Comparer<(int Shard, string Name)>.Create(static (a, b) =>
        a.Shard != b.Shard ? a.Shard.CompareTo(b.Shard) : string.CompareOrdinal(a.Name, b.Name));

    private static readonly Comparer<(int Shard, long HourMs, string Metric, string Currency)> ByKpi =
        Comparer<(int Shard, long HourMs, string Metric, string Currency)>.Create(static (a, b) =>
            a.Shard != b.Shard ? a.Shard.CompareTo(b.Shard)
            : a.HourMs != b.HourMs ? a.HourMs.CompareTo(b.HourMs)
            : string.CompareOrdinal(a.Metric, b.Metric) is not 0 and var order ? order
            : string.CompareOrdinal(a.Currency, b.Currency));

    private static NpgsqlBatchCommand Statement(NpgsqlBatch batch, string sql)
    {
        var statement = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(statement);
        return statement;
    }

    private static void Add<T>(NpgsqlBatchCommand statement, T value) => statement.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static void Column<TRow, T>(NpgsqlBatchCommand statement, IReadOnlyCollection<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        var at = 0;
        foreach (var row in rows) column[at++] = value(row);
        Add(statement, column);
    }

    private static void TextColumn<TRow>(NpgsqlBatchCommand statement, IReadOnlyCollection<TRow> rows, Func<TRow, string?> value) =>
        Column(statement, rows, row => StoredText.Write(value(row)));
}
