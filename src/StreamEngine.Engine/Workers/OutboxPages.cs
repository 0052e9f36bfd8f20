using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Brings committed actions that wait in the store alone into memory, a page at a time, as the broker takes those before them; and tells when a shard begins to
/// leave actions to the store. Reading runs beside the worker.
/// </summary>
internal sealed class OutboxPages(WorkerParts parts, SlotTable slots)
{
    /// <summary>About a megabyte.</summary>
    private const int PageItems = 1_000;

    public void Turn()
    {
        foreach (var slot in slots.All)
        {
            if (slot is not { State: SlotState.Open, Shard: { } shard } || (slot.Page is null && !shard.Outbox.IsSpilled))
            {
                continue;
            }
            if (slot.Page is null && shard.Outbox.WantsPage && parts.Time.GetTimestamp() >= slot.PageAt)
            {
                Ask(slot);
            }
            if (slot.Page is { IsCompleted: true } page)
            {
                Take(slot, page);
            }
            MaybeTell(slot);
        }
    }

    private void Ask(ShardSlot slot)
    {
        var (shard, afterSeq) = (slot.Id, slot.Shard!.Outbox.PageAfterSeq);
        slot.PageUpToSeq = slot.Shard.Outbox.CommittedSeq;
        slot.Page = new Task<IReadOnlyList<ActionRow>>(() => parts.Store.ReadOutbox(shard, afterSeq, PageItems));
        parts.StartRead(slot.Page);
    }

    private void Take(ShardSlot slot, Task<IReadOnlyList<ActionRow>> page)
    {
        slot.Page = null;
        if (page.IsFaulted)
        {
            // A store that is away is told of by the commits.
            slot.PageAt = parts.Time.GetTimestamp() + parts.Rules.Engine.RetryMsMax * parts.Time.TimestampFrequency / 1000;
            parts.Logger.PageFailed(slot.Id, page.Exception.GetBaseException().Message);
            return;
        }
        slot.Shard!.Outbox.AddPage(page.Result, isLast: page.Result.Count < PageItems, slot.PageUpToSeq);
    }

    private void MaybeTell(ShardSlot slot)
    {
        var outbox = slot.Shard!.Outbox;
        if (outbox.IsSpilled == slot.IsSpillTold)
        {
            return;
        }
        slot.IsSpillTold = outbox.IsSpilled;
        if (outbox.IsSpilled)
        {
            parts.Logger.Spilled(slot.Id, outbox.Count, parts.Rules.Engine.OutboxStoredMax);
        }
        else
        {
            parts.Logger.SpillOver(slot.Id);
        }
    }
}
