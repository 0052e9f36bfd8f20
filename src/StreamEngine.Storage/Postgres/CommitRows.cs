using Npgsql;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Blocks;

namespace StreamEngine.Storage.Postgres;

/// <summary>
/// The rows of a commit as statements: segments and blocks one by one, of the other tables one a table, whose columns go over as arrays, and the server makes rows of
/// them. What changes in its place is sorted by key, so that two transactions that meet in the same rows lock them in the same order.
/// Arrays are unnested side by side in the list of columns, not in FROM, which would store the rows and read them back: 1,600 rows of 0.6 kB took the
/// server 18 ms instead of 22. COPY was no faster than that, and takes a round trip.
/// </summary>
internal static class CommitRows
{
    private const string DropSegmentsSql =
        "DELETE FROM segment s USING unnest($1, $2) AS d (shard, below) WHERE s.shard = d.shard AND s.seq < d.below";

    private const string AddSegmentSql = "INSERT INTO segment (shard, seq, payload) VALUES ($1, $2, $3)";

    private const string AddCartsSql = "INSERT INTO cart_block (shard, commit_seq, place, rows) VALUES ($1, $2, $3, $4)";

    private const string AddActionsSql =
        "INSERT INTO action_block (shard, commit_seq, place, first_seq, last_seq, decided_ms, rows) VALUES ($1, $2, $3, $4, $5, $6, $7)";

    private const string AddKpisSql =
        """
        INSERT INTO kpi (shard, hour_ms, metric, currency, amount) SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5)
        ON CONFLICT (shard, hour_ms, metric, currency) DO UPDATE SET amount = kpi.amount + excluded.amount
        """;

    private const string AddDeadLettersSql =
        """
        INSERT INTO dead_letter (shard, "offset", reason, field, byte_position, time_ms)
        SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6)
        ON CONFLICT (shard, "offset") DO NOTHING
        """;

    private const string PutContactsSql =
        """
        INSERT INTO contact (ref, visitor, email, phone, locale, time_zone, updated_ms)
        SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7)
        ON CONFLICT (ref) DO UPDATE SET
            visitor = excluded.visitor, email = coalesce(excluded.email, contact.email), phone = coalesce(excluded.phone, contact.phone),
            locale = coalesce(excluded.locale, contact.locale), time_zone = coalesce(excluded.time_zone, contact.time_zone), updated_ms = excluded.updated_ms
        """;

    /// <param name="blocks">Where the blocks of the read models are written; theirs until the batch is done.</param>
    public static void AddTo(NpgsqlBatch batch, List<ShardCommit> commits, BlockPool blocks)
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
        foreach (var commit in commits)
        {
            AddCarts(batch, commit, blocks);
            AddActions(batch, commit, blocks);
        }
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

    private static void AddCarts(NpgsqlBatch batch, ShardCommit commit, BlockPool blocks)
    {
        for (var place = 0; place < commit.Carts.Count;)
        {
            var block = blocks.Next();
            place = block.Write(commit.Carts, place);
            var add = Statement(batch, AddCartsSql);
            Add(add, commit.Shard);
            Add(add, commit.CommitSeq);
            Add(add, block.Place);
            Add(add, block.Rows);
        }
    }

    private static void AddActions(NpgsqlBatch batch, ShardCommit commit, BlockPool blocks)
    {
        for (var place = 0; place < commit.Actions.Count;)
        {
            var block = blocks.Next();
            place = block.Write(commit.Actions, place);
            var add = Statement(batch, AddActionsSql);
            Add(add, commit.Shard);
            Add(add, commit.CommitSeq);
            Add(add, block.Place);
            Add(add, block.FirstSeq);
            Add(add, block.LastSeq);
            Add(add, block.DecidedMs);
            Add(add, block.Rows);
        }
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
