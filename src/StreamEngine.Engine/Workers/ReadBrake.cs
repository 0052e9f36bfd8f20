using StreamEngine.Engine.Commits;

namespace StreamEngine.Engine.Workers;

/// <summary>Slows the reading down to what the store and the broker take away. The poll goes on, or the group would think that the worker is gone.</summary>
internal sealed class ReadBrake(WorkerParts parts, SlotTable slots, CommitPipeline pipeline, CommitTiming timing)
{
    /// <summary>A full commit stops the reading this long before partitions are paused: pausing throws away what the client has fetched ahead.</summary>
    private const int PauseAfterMs = 1_000;

    /// <summary>By home.</summary>
    private readonly long?[] _fullSince = new long?[parts.Store.Homes];

    /// <summary>A shard whose messages do not leave, or whose home takes no commit, stops reading; the others and the group membership go on.</summary>
    public void PauseFullShards()
    {
        foreach (var slot in slots.All)
        {
            if (slot.State != SlotState.Open)
            {
                continue;
            }
            var isFull = FullMs(parts.Store.HomeOf(slot.Id)) >= PauseAfterMs || slot.Shard!.Outbox.IsFull || slot.Shard.DeadLetters.IsFull;
            MaybeTell(slot);
            if (isFull == slot.IsPaused)
            {
                continue;
            }
            slot.IsPaused = isFull;
            if (isFull)
            {
                parts.Source.Pause(slot.Id);
            }
            else
            {
                parts.Source.Resume(slot.Id);
            }
        }
    }

    private void MaybeTell(ShardSlot slot)
    {
        var isOutboxFull = slot.Shard!.Outbox.IsFull;
        if (isOutboxFull == slot.IsFullTold)
        {
            return;
        }
        slot.IsFullTold = isOutboxFull;
        if (isOutboxFull)
        {
            parts.Logger.OutboxFull(slot.Id, slot.Shard.Outbox.Count);
        }
        else
        {
            parts.Logger.OutboxRoom(slot.Id);
        }
    }

    /// <summary>
    /// Two commits are under way to a home and the next is full: waits for the store, first without reading, then with the home's shards paused and the poll
    /// going on.
    /// </summary>
    public bool WaitsForStore()
    {
        var waits = false;
        for (var home = 0; home < _fullSince.Length; home++)
        {
            _fullSince[home] = IsFull(home) ? _fullSince[home] ?? parts.Time.GetTimestamp() : null;
            waits |= FullMs(home) is >= 0 and < PauseAfterMs;
        }
        return waits;
    }

    private bool IsFull(int home)
    {
        foreach (var slot in slots.All)
        {
            if (slot is { State: SlotState.Open, Shard: { } shard } && parts.Store.HomeOf(slot.Id) == home && pipeline.IsFull(shard) && timing.IsFull(shard))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>For how long it has been full; -1 when it is not.</summary>
    private double FullMs(int home) => _fullSince[home] is { } since ? parts.Time.GetElapsedTime(since).TotalMilliseconds : -1;
}
