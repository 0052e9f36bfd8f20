using Microsoft.Data.Sqlite;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Sqlite;

/// <summary>Who owns which shard: what happens once per start or take-over, on the writing connection.</summary>
internal static class ShardTable
{
    public static void Provision(SqliteConnection connection, string path, string topic, int shardCount)
    {
        using var transaction = connection.BeginTransaction();
        using (var select = new Statement(connection, "SELECT topic, shard_count FROM meta"))
        {
            if (select.NextRow())
            {
                var (fixedTopic, fixedCount) = (select.Text(0), (int)select.Number(1));
                if (!string.Equals(fixedTopic, topic, StringComparison.Ordinal)) throw Fences.OtherTopic(path, fixedTopic, topic);
                if (fixedCount != shardCount) throw Fences.OtherShardCount(path, topic, fixedCount, shardCount);
                return;
            }
        }
        using (var meta = new Statement(connection, "INSERT INTO meta (id, topic, shard_count) VALUES (1, ?, ?)"))
        {
            meta.Set(topic).Set(shardCount).Run();
        }
        using (var shard = new Statement(connection,
            """
            INSERT INTO shard (shard, epoch, owner, commit_seq, next_offset, shard_time_ms, action_seq, published_seq, taken_ms)
            VALUES (?, 0, '', 0, -1, 0, 0, 0, 0)
            """))
        {
            for (var number = 0; number < shardCount; number++) shard.Set(number).Run();
        }
        transaction.Commit();
    }

    public static bool HasCommit(SqliteConnection connection)
    {
        using var select = new Statement(connection, "SELECT EXISTS (SELECT 1 FROM shard WHERE commit_seq > 0)");
        return select.NextRow() && select.Number(0) == 1;
    }

    public static ShardLease TakeOver(SqliteConnection connection, string path, int shard, string owner, long nowMs)
    {
        using var transaction = connection.BeginTransaction();
        var segments = ReadSegmentInfos(connection, shard);
        ShardLease lease;
        using (var update = new Statement(connection,
            """
            UPDATE shard SET epoch = epoch + 1, owner = ?, taken_ms = ? WHERE shard = ?
            RETURNING epoch, commit_seq, next_offset, shard_time_ms, action_seq, published_seq, last_record_ms
            """))
        {
            if (!update.Set(owner).Set(nowMs).Set(shard).NextRow()) throw Fences.UnknownShard(path, shard);
            lease = new ShardLease(
                shard, owner, update.Number(0), update.Number(1), update.Number(2), update.Number(3), update.Number(4), update.Number(5), segments)
            {
                LastRecordMs = update.Number(6),
            };
        }
        transaction.Commit();
        return lease;
    }

    /// <summary>-1 when the epoch has passed.</summary>
    public static long ReadCommitSeq(SqliteConnection connection, int shard, long epoch)
    {
        using var select = new Statement(connection, "SELECT commit_seq FROM shard WHERE shard = ? AND epoch = ?");
        return select.Set(shard).Set(epoch).NextRow() ? select.Number(0) : -1;
    }

    private static List<SegmentInfo> ReadSegmentInfos(SqliteConnection connection, int shard)
    {
        // length() of a blob reads its header only.
        using var select = new Statement(connection, "SELECT seq, length(payload) FROM segment WHERE shard = ? ORDER BY seq");
        var segments = new List<SegmentInfo>();
        select.Set(shard);
        while (select.NextRow()) segments.Add(new SegmentInfo(select.Number(0), select.Number(1)));
        return segments;
    }
}
