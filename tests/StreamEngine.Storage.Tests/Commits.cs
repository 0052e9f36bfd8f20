using System.Buffers;
using System.Text;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests;

/// <summary>Builds what a worker would hand over.</summary>
internal static class Commits
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static ShardCommit For(ShardLease lease, long seq, string segment = "")
    {
        var commit = new ShardCommit
        {
            Shard = lease.Shard,
            Epoch = lease.Epoch,
            Owner = lease.Owner,
            CommitSeq = seq,
            NextOffset = seq * 10,
            ShardTimeMs = seq * 1_000,
            ActionSeq = lease.ActionSeq,
            PublishedSeq = lease.PublishedSeq,
        };
        commit.Segment.Write(Encoding.UTF8.GetBytes(segment));
        return commit;
    }

    public static ShardCommit WithBytes(ShardLease lease, long seq, int bytes)
    {
        var commit = For(lease, seq);
        commit.Segment.Write(new byte[bytes]);
        return commit;
    }

    public static ActionRow Action(long seq, string id, string? held = null) => new(
        seq, id, "visitor-1", 2, "email-1h", "Email", "B", held, "You left a cart; worth 120.00", 1, 2, 3, 4, Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}"));

    public static CommitBatch Start(IShardStore store, params ReadOnlySpan<ShardCommit> commits)
    {
        var batch = new CommitBatch();
        foreach (var commit in commits) batch.Shards.Add(commit);
        store.Submit(batch);
        return batch;
    }

    public static void Finish(CommitBatch batch) =>
        Assert.True(SpinWait.SpinUntil(() => batch.IsDone, Patience), "The store did not complete a batch.");

    public static CommitOutcome Write(IShardStore store, ShardCommit commit)
    {
        Finish(Start(store, commit));
        return commit.Outcome;
    }

    public static string[] Segments(IShardStore store, int shard)
    {
        // Copied one by one, as a caller must: the memory is used again.
        var segments = new List<string>();
        foreach (var segment in store.ReadSegments(shard)) segments.Add(Encoding.UTF8.GetString(segment.Span));
        return [.. segments];
    }
}
