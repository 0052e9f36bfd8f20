using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Workers;

/// <summary>Takes a shard over and reads it back from the store. Runs beside the worker, which goes on polling: the shard is nobody else's until it is handed over.</summary>
public sealed class ShardLoader(IShardStore store, ShardRules rules, string owner)
{
    /// <exception cref="ShardStoppedException">The log is damaged.</exception>
    public Shard Load(int shard, ShardFaults faults)
    {
        var lease = store.TakeOver(shard, owner);
        var loaded = new Shard(lease, rules, faults);
        var index = 0;
        foreach (var segment in store.ReadSegments(shard))
        {
            if (index == lease.Segments.Count)
            {
                throw new ShardStoppedException($"Shard {shard}: its log grew while it was read. Another process writes to this store: stop it.");
            }
            loaded.Restore(lease.Segments[index++], segment.Span);
        }
        if (index < lease.Segments.Count)
        {
            throw new ShardStoppedException(
                $"Shard {shard}: segment {lease.Segments[index].Seq} of its log is missing, and with it sessions. Restore the database from a backup; nothing was changed.");
        }
        foreach (var action in store.ReadOutbox(shard, lease.PublishedSeq, int.MaxValue))
        {
            loaded.Outbox.Add(action);
        }
        loaded.FinishRestore();
        return loaded;
    }
}
