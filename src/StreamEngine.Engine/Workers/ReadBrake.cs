using StreamEngine.Engine.Commits;

namespace StreamEngine.Engine.Workers;

/// <summary>Slows the reading down to what the store and the broker take away. The poll goes on, or the group would think that the worker is gone.</summary>
internal sealed class ReadBrake(WorkerParts parts, SlotTable slots, CommitPipeline pipeline, CommitTiming timing)
{
    /// <summary>A full commit stops the reading this long before partitions are paused: pausing throws away what the client has fetched ahead.</summary>
    private const int PauseAfterMs = 1_000;

    private long? _fullSince;

    /// <summary>A shard whose messages do not leave stops reading; the others and the group membership go on.</summary>
    public void PauseFullShards()
    {
        var isStoreLate = _fullSince is { } since && parts.Time.GetElapsedTime(since).TotalMilliseconds >= PauseAfterMs;
        foreach (var slot in slots.All)
        {
            if (slot.State != SlotState.Open)
            {
                continue;
            }
            var isFull = isStoreLate || slot.Shard!.Outbox.IsFull || slot.Shard.DeadLetters.IsFull;
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

    /// <summary>Two commits are under way and the next is full: waits for the store, first without reading, then with everything paused and the poll going on.</summary>
    public bool WaitsForStore()
    {
        var isFull = false;
        foreach (var slot in slots.All)
        {
            isFull |= slot.State == SlotState.Open && pipeline.IsFull && timing.IsFull(slot.Shard!);
        }
        _fullSince = isFull ? _fullSince ?? parts.Time.GetTimestamp() : null;
        return _fullSince is { } since && parts.Time.GetElapsedTime(since).TotalMilliseconds < PauseAfterMs;
    }
}
