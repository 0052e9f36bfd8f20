using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Workers;

/// <summary>Takes a shard over and reads it back from the store. Runs beside the worker, which goes on polling: the shard is nobody else's until it is handed over.</summary>
/// <param name="kept">Memory of shards that this node gave up; null where none is kept.</param>
/// <param name="tail">What is on the actions topic already; null where there is no such topic.</param>
public sealed class ShardLoader(IShardStore store, ShardRules rules, string owner, KeptShards? kept = null, ActionTail? tail = null)
{
    /// <summary>Records of the topic that are looked at beyond the outbox: some of it may lie there twice.</summary>
    private const int TailMore = 1_000;

    /// <param name="publishedSeq">Actions up to here are known to be published, whatever the store says.</param>
    /// <param name="isNew">True where this worker has not had the shard before: its last owner may have published more than it has noted.</param>
    /// <exception cref="ShardStoppedException">The log is damaged.</exception>
    public LoadedShard Load(int shard, ShardFaults faults, long publishedSeq = 0, bool isNew = true)
    {
        var lease = store.TakeOver(shard, owner);
        var memory = kept?.Take(lease);
        memory?.Resume(lease);
        var loaded = memory ?? ReadBack(lease, faults);
        return new LoadedShard(loaded, memory is not null, RestoreOutbox(loaded, publishedSeq, isNew));
    }

    private Shard ReadBack(ShardLease lease, ShardFaults faults)
    {
        var loaded = new Shard(lease, rules, faults);
        var index = 0;
        foreach (var segment in store.ReadSegments(lease.Shard))
        {
            if (index == lease.Segments.Count)
            {
                throw new ShardStoppedException($"Shard {lease.Shard}: its log grew while it was read. Another process writes to this store: stop it.");
            }
            loaded.Restore(lease.Segments[index++], segment.Span);
        }
        if (index < lease.Segments.Count)
        {
            throw new ShardStoppedException(
                $"Shard {lease.Shard}: segment {lease.Segments[index].Seq} of its log is missing, and with it sessions. Restore the database from a backup; nothing was changed.");
        }
        loaded.FinishRestore();
        return loaded;
    }

    private int RestoreOutbox(Shard loaded, long publishedSeq, bool isNew)
    {
        var outbox = loaded.Outbox;
        outbox.StartBehind(publishedSeq);
        if (!outbox.IsSpilled)
        {
            return 0;
        }
        var rows = store.ReadOutbox(loaded.Id, outbox.PageAfterSeq, rules.Engine.OutboxItemsMax);
        outbox.AddPage(rows, isLast: rows.Count < rules.Engine.OutboxItemsMax, outbox.CommittedSeq);
        return isNew && tail is not null && rows.Count > 0 ? outbox.Skip(tail(loaded.Id, rows.Count + TailMore)) : 0;
    }
}

/// <param name="IsKept">Its memory had stayed in this node.</param>
/// <param name="AlreadyPublished">Actions of its outbox that were found on the topic.</param>
public sealed record LoadedShard(Shard Shard, bool IsKept, int AlreadyPublished);
