using Microsoft.Data.Sqlite;
using StreamEngine.Carts;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Blocks;

namespace StreamEngine.Storage.Sqlite;

/// <summary>The rows of one shard's commit, in the statements that write them. All of it inside the caller's transaction.</summary>
internal sealed class ShardRows(SqliteConnection connection) : IDisposable
{
    private readonly Statement _advance = new(connection,
        """
        UPDATE shard SET commit_seq = ?, next_offset = ?, last_record_ms = ?, shard_time_ms = ?, action_seq = ?, published_seq = ?
        WHERE shard = ? AND epoch = ? AND owner = ? AND commit_seq = ?
        """);

    private readonly Statement _fence = new(connection, "SELECT epoch, owner, commit_seq FROM shard WHERE shard = ?");
    private readonly Statement _dropSegments = new(connection, "DELETE FROM segment WHERE shard = ? AND seq < ?");
    private readonly Statement _addSegment = new(connection, "INSERT INTO segment (shard, seq, payload) VALUES (?, ?, ?)");

    private readonly Statement _addCarts = new(connection, "INSERT INTO cart_block (shard, commit_seq, place, rows) VALUES (?, ?, ?, ?)");

    private readonly Statement _addActions = new(connection,
        "INSERT INTO action_block (shard, commit_seq, place, first_seq, last_seq, decided_ms, rows) VALUES (?, ?, ?, ?, ?, ?, ?)");

    private readonly Statement _addKpi = new(connection,
        """
        INSERT INTO kpi (shard, hour_ms, metric, currency, amount) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (shard, hour_ms, metric, currency) DO UPDATE SET amount = amount + excluded.amount
        """);

    private readonly Statement _addDeadLetter = new(connection,
        """
        INSERT INTO dead_letter (shard, "offset", reason, field, byte_position, time_ms) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (shard, "offset") DO NOTHING
        """);

    private readonly Statement _putContact = new(connection,
        """
        INSERT INTO contact (ref, visitor, email, phone, locale, time_zone, updated_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (ref) DO UPDATE SET
            visitor = excluded.visitor, email = coalesce(excluded.email, email), phone = coalesce(excluded.phone, phone),
            locale = coalesce(excluded.locale, locale), time_zone = coalesce(excluded.time_zone, time_zone), updated_ms = excluded.updated_ms
        """);

    private readonly BlockWriter _block = new();

    /// <summary>The fence: moves the shard one commit on, if it is where this owner left it.</summary>
    public bool TryAdvance(ShardCommit commit) => _advance
        .Set(commit.CommitSeq).Set(commit.NextOffset).Set(commit.LastRecordMs).Set(commit.ShardTimeMs).Set(commit.ActionSeq).Set(commit.PublishedSeq)
        .Set(commit.Shard).Set(commit.Epoch).Set(commit.Owner).Set(commit.CommitSeq - 1)
        .Run() == 1;

    public void Write(ShardCommit commit)
    {
        // Old segments first: their pages take the new one, also when the disk is full.
        if (commit.DropSegmentsBelow > 0) _dropSegments.Set(commit.Shard).Set(commit.DropSegmentsBelow).Run();
        if (commit.Segment.WrittenCount > 0) _addSegment.Set(commit.Shard).Set(commit.CommitSeq).Set(commit.Segment.WrittenSpan).Run();
        WriteCarts(commit);
        WriteActions(commit);
        foreach (var row in commit.Kpis) _addKpi.Set(commit.Shard).Set(row.HourMs).Set(row.Metric).Set(row.Currency).Set(row.Amount).Run();
        foreach (var row in commit.DeadLetters)
            _addDeadLetter.Set(commit.Shard).Set(row.Offset).Set(row.Reason).Set(row.Field).Set(row.BytePosition).Set(row.TimeMs).Run();
        foreach (var row in commit.Contacts)
            _putContact.Set(row.Ref).Set(row.Visitor).Set(row.Email).Set(row.Phone).Set(row.Locale).Set(row.TimeZone).Set(row.UpdatedMs).Run();
    }

    public string ExplainFence(ShardCommit commit)
    {
        if (!_fence.Set(commit.Shard).NextRow()) return Fences.NoShard(commit);
        var text = Fences.Elsewhere(commit, _fence.Number(0), _fence.Text(1), _fence.Number(2));
        _fence.Reset();
        return text;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)
            [_advance, _fence, _dropSegments, _addSegment, _addCarts, _addActions, _addKpi, _addDeadLetter, _putContact]) statement.Dispose();
        _block.Dispose();
    }

    private void WriteCarts(ShardCommit commit)
    {
        for (var place = 0; place < commit.Carts.Count;)
        {
            place = _block.Write(commit.Carts, place);
            _addCarts.Set(commit.Shard).Set(commit.CommitSeq).Set(_block.Place).Set(new Utf8Text(_block.Rows)).Run();
        }
    }

    private void WriteActions(ShardCommit commit)
    {
        for (var place = 0; place < commit.Actions.Count;)
        {
            place = _block.Write(commit.Actions, place);
            _addActions.Set(commit.Shard).Set(commit.CommitSeq).Set(_block.Place).Set(_block.FirstSeq).Set(_block.LastSeq).Set(_block.DecidedMs)
                .Set(new Utf8Text(_block.Rows)).Run();
        }
    }
}
