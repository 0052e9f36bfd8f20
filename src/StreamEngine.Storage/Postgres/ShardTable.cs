using Npgsql;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Postgres;

/// <summary>Who owns which shard: what happens once per take-over, on one server.</summary>
internal static class ShardTable
{
    private const string TakeOverSql =
        """
        UPDATE shard SET epoch = epoch + 1, owner = $1, taken_ms = $2 WHERE shard = $3
        RETURNING epoch, commit_seq, next_offset, shard_time_ms, action_seq, published_seq, last_record_ms
        """;

    // The length of a payload beside the row is read without the payload.
    private const string SegmentInfosSql = "SELECT seq, octet_length(payload)::bigint FROM segment WHERE shard = $1 ORDER BY seq";

    // Whoever may still be deciding about a commit holds the row: locking it waits until that is over.
    private const string CommitSeqSql = "SELECT commit_seq FROM shard WHERE shard = $1 AND epoch = $2 FOR NO KEY UPDATE";

    /// <summary>Waits out a transaction of the previous owner that is under way.</summary>
    /// <returns>Null for a shard that is not here.</returns>
    public static ShardLease? TakeOver(NpgsqlConnection connection, int shard, string owner, long nowMs)
    {
        using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN"),
                new NpgsqlBatchCommand(TakeOverSql) { Parameters = { Value(owner), Value(nowMs), Value(shard) } },
                new NpgsqlBatchCommand(SegmentInfosSql) { Parameters = { Value(shard) } },
                new NpgsqlBatchCommand("COMMIT"),
            },
        };
        using var rows = batch.ExecuteReader();
        if (!rows.Read()) return null;
        var segments = new List<SegmentInfo>();
        var lease = new ShardLease(
            shard, owner, rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), segments)
        {
            LastRecordMs = rows.GetInt64(6),
        };
        rows.NextResult();
        while (rows.Read()) segments.Add(new SegmentInfo(rows.GetInt64(0), rows.GetInt64(1)));
        // Only now is the epoch known to be raised.
        while (rows.NextResult())
        {
        }
        return lease;
    }

    /// <summary>-1 when the epoch has passed.</summary>
    public static long ReadCommitSeq(NpgsqlConnection connection, int shard, long epoch)
    {
        using var select = new NpgsqlCommand(CommitSeqSql, connection) { Parameters = { Value(shard), Value(epoch) } };
        return select.ExecuteScalar() is long commitSeq ? commitSeq : -1;
    }

    public static bool HasCommit(NpgsqlConnection connection)
    {
        using var select = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM shard WHERE commit_seq > 0)", connection);
        return select.ExecuteScalar() is true;
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
