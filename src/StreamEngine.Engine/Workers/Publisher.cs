using StreamEngine.Engine.Commits;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Shards;

namespace StreamEngine.Engine.Workers;

/// <summary>Hands committed actions and dead letters to the outlet and takes its receipts. What does not leave stays in the bounded queues of its shard.</summary>
internal sealed class Publisher(WorkerParts parts, SlotTable slots, CommitPipeline pipeline, WorkerStats stats)
{
    /// <summary>As many as a shard's turn in the rounds of deadlines brings, two a session.</summary>
    private const int GatherMax = 128;

    private static readonly TimeSpan GatherMost = TimeSpan.FromMilliseconds(20);

    private readonly EngineOptions _options = parts.Rules.Engine;

    /// <param name="all">Nothing gathers any more.</param>
    public void SendActions(bool all = false)
    {
        foreach (var slot in slots.All)
        {
            if (!MaySend(slot, out var shard))
            {
                continue;
            }
            if (shard.Outbox.Count == 0)
            {
                slot.AcknowledgedAt = parts.Time.GetTimestamp();
                continue;
            }
            if (all || !Gathers(slot, shard))
            {
                shard.Outbox.EndGathering();
                slot.GathersSince = null;
            }
            shard.Outbox.Send(parts.Outlet);
        }
    }

    /// <summary>They leave before the commit that steps over them.</summary>
    public void SendDeadLetters()
    {
        foreach (var slot in slots.All)
        {
            if (MaySend(slot, out var shard))
            {
                shard.DeadLetters.Send(parts.Outlet);
            }
        }
    }

    /// <summary>
    /// Sends what is committed and waits for its receipts, for at most <paramref name="limit"/>. Round by round, because the outlet may
    /// hold less than the outboxes; a round without a receipt is the last.
    /// </summary>
    public void SendAll(TimeSpan limit)
    {
        var start = parts.Time.GetTimestamp();
        var left = limit;
        for (var published = -1L; stats.Published > published && left > TimeSpan.Zero && slots.HasUnpublished; left = limit - parts.Time.GetElapsedTime(start))
        {
            published = stats.Published;
            SendActions(all: true);
            parts.Outlet.Flush(left);
            TakeReceipts();
        }
    }

    public void TakeReceipts()
    {
        while (parts.Outlet.TryTakeReceipt(out var receipt))
        {
            // Receipts of a shard that was given up meanwhile have no addressee. Those from before it was read back are still true: tickets are
            // sequences and offsets, which name the same action and the same record for ever.
            if (slots.OpenShard(receipt.Shard) is not { } shard)
            {
                if (receipt.Destination == Destination.Actions && slots.Find(receipt.Shard) is { } waiting)
                {
                    Note(waiting, receipt);
                }
                continue;
            }
            if (receipt.Error is not null)
            {
                Resend(shard, receipt);
            }
            else if (receipt.Destination == Destination.DeadLetters)
            {
                shard.DeadLetters.Acknowledge(receipt.Ticket);
            }
            else if (shard.Outbox.TryAcknowledge(receipt.Ticket))
            {
                var slot = slots.Find(shard.Id)!;
                (slot.PublishedSeq, slot.AcknowledgedAt) = (shard.Outbox.PublishedSeq, parts.Time.GetTimestamp());
                stats.Published++;
            }
        }
    }

    /// <summary>
    /// What is overdue, and nobody waits for, leaves with others of its kind while more of its shard is being committed: a broker is paid by the request, and each small commit of a
    /// drain would be one. A prompt, and what is in time, takes along what is before it. Five drains, broker and load on the same two cores, every other two seconds with it
    /// and without: prompts' p99 22 to 27 ms instead of 27 to 33, p99.9 31 to 38 instead of 44 to 68; 13 to 28 % more sessions woken a second (3 and 7 % with a producer's
    /// linger of 0.5 ms instead of 2), and up to a fifth less of the broker's CPU.
    /// </summary>
    private bool Gathers(ShardSlot slot, Shard shard)
    {
        if (shard.Outbox.Gathering is 0 or >= GatherMax || !(shard.UncommittedWakes > 0 || pipeline.Concerns(shard)))
        {
            return false;
        }
        var now = parts.Time.GetTimestamp();
        slot.GathersSince ??= now;
        return parts.Time.GetElapsedTime(slot.GathersSince.Value, now) < GatherMost;
    }

    /// <summary>A shard that is being read back goes on from there.</summary>
    private static void Note(ShardSlot slot, in Receipt receipt)
    {
        if (receipt.Error is not null)
        {
            slot.SentSeq = Math.Min(slot.SentSeq, receipt.Ticket - 1);
        }
        else if (receipt.Ticket == slot.PublishedSeq + 1)
        {
            slot.PublishedSeq = receipt.Ticket;
        }
    }

    private bool MaySend(ShardSlot slot, out Shard shard)
    {
        shard = slot.Shard!;
        return slot.State == SlotState.Open && (slot.SendAt == 0 || parts.Time.GetTimestamp() >= slot.SendAt);
    }

    /// <summary>After a pause: a broker that refuses is not asked a thousand times a second.</summary>
    private void Resend(Shard shard, in Receipt receipt)
    {
        parts.Logger.Resend(shard.Id, receipt.Error!);
        if (receipt.Destination == Destination.DeadLetters)
        {
            shard.DeadLetters.Resend();
        }
        else
        {
            shard.Outbox.Resend();
        }
        slots.Find(shard.Id)!.SendAt = parts.Time.GetTimestamp() + _options.RetryMsMin * parts.Time.TimestampFrequency / 1000;
    }
}
