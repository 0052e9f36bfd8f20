using StreamEngine.Engine.Commits;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Brings shards into memory and out of it. Waiting -> Loading -> Open; from there to Stopped, or back to Waiting when memory and store no longer
/// agree: a shard is never repaired in memory, it is dropped and read back from its log.
/// </summary>
internal sealed class ShardOpener(WorkerParts parts, SlotTable slots, CommitPipeline pipeline, WorkerStats stats)
{
    private readonly EngineOptions _options = parts.Rules.Engine;
    private readonly ShardLoader _loader = new(parts.Store, parts.Rules, parts.Owner, parts.Kept, parts.Tail);
    private readonly StoreTrouble _trouble = parts.Trouble ?? new StoreTrouble(parts.Time, parts.Logger, parts.Rules.Engine.TroubleCalm);

    /// <summary>Starts what may start to load, and opens what has loaded.</summary>
    public void OpenLoadedShards()
    {
        foreach (var slot in slots.All)
        {
            if (slot.State == SlotState.Waiting && parts.Time.GetTimestamp() >= slot.RetryAt && !IsCommitting(slot))
            {
                StartLoad(slot);
            }
            if (slot.State == SlotState.Loading && slot.Load!.IsCompleted)
            {
                Open(slot, slot.Load);
            }
        }
        _trouble.MaybeEnd();
        parts.Kept?.ForgetOld();
    }

    /// <summary>Drops the shard's memory and reads it back after a pause.</summary>
    public void Reload(ShardSlot slot, int retryMs)
    {
        stats.Reloads++;
        var old = slot.Shard;
        Close(slot);
        slot.Shard = old;
        Wait(slot, retryMs);
    }

    /// <summary>The pause doubles with each failure in a row.</summary>
    public void ReloadAfter(ShardSlot slot, ShardCommit failed)
    {
        stats.FailedCommits++;
        Reload(slot, NextRetryMs(slot));
        var reason = failed.Error ?? "the store did not say why.";
        if (_trouble.IsNews(slot.Id, reason))
        {
            parts.Logger.CommitFailed(slot.Id, failed.CommitSeq, reason);
        }
    }

    /// <summary>
    /// A turn failed, which only a bug can cause. Memory is dropped, for the turn may have left it half changed, and what failed is set aside: the deadlines of
    /// one visitor where they were being fired, else the record.
    /// </summary>
    public void SetAside(Shard shard, long offset, Exception error)
    {
        if (shard.Waking is { } visitor)
        {
            parts.Logger.DeadlineFailed(error, shard.Id);
            shard.Faults.Quarantine(visitor);
        }
        else if (offset < 0)
        {
            // Nobody to set aside: reading back would fail the same way, for ever.
            Stop(slots.Find(shard.Id)!, $"Its deadlines cannot be fired: {error.Message} Report this with the log.");
            return;
        }
        else
        {
            parts.Logger.TurnFailed(error, shard.Id, offset);
            shard.Faults.Poison(offset);
        }
        Reload(slots.Find(shard.Id)!, retryMs: 0);
    }

    public void Stop(ShardSlot slot, string reason)
    {
        parts.Logger.Stopped(slot.Id, reason);
        MarkStopped(slot, reason);
    }

    /// <summary>The shard is not this worker's any more.</summary>
    public void GiveUp(ShardSlot slot)
    {
        var shard = slot.State == SlotState.Open ? slot.Shard : null;
        Close(slot);
        stats.GiveUp(slot.Id);
        _trouble.Leave(slot.Id);
        // A commit whose outcome is not known may be ahead of this memory or behind it.
        if (shard is { IsCommitted: true, Faults.IsAny: false } && !pipeline.Concerns(shard))
        {
            parts.Kept?.Keep(shard);
        }
    }

    private void MarkStopped(ShardSlot slot, string reason)
    {
        Close(slot);
        slot.State = SlotState.Stopped;
        stats.Stop(slot.Id, reason);
        parts.CatchUp?.MarkStopped(slot.Id, reason);
    }

    private void Close(ShardSlot slot)
    {
        if (slot.State == SlotState.Open)
        {
            parts.Source.Pause(slot.Id);
            slots.SetOpen(slot.Id, null);
            slot.SentSeq = slot.Shard!.Outbox.SentSeq;
            stats.Close(slot.Id);
        }
        (slot.Shard, slot.Page) = (null, null);
        slot.State = SlotState.Waiting;
    }

    /// <summary>A shard that is read back must not race its own commits that are still under way.</summary>
    private bool IsCommitting(ShardSlot slot) => slot.Shard is { } old && pipeline.Concerns(old);

    // Apart from the loop: a lambda that captures would cost each of its turns a closure a shard.
    private void StartLoad(ShardSlot slot)
    {
        slot.Shard = null;
        var (publishedSeq, isNew) = (slot.PublishedSeq, slot.IsNew);
        // On a thread of its own: a load waits for store and broker, and a pool with as many threads as cores opens one more only every half second.
        slot.Load = new Task<LoadedShard>(() => _loader.Load(slot.Id, slot.Faults, publishedSeq, isNew), TaskCreationOptions.LongRunning);
        slot.State = SlotState.Loading;
        parts.StartRead(slot.Load);
    }

    private void Open(ShardSlot slot, Task<LoadedShard> load)
    {
        slot.Load = null;
        if (load.IsFaulted)
        {
            Fail(slot, load.Exception.GetBaseException());
            return;
        }
        var (shard, isKept, alreadyPublished) = load.Result;
        shard.Outbox.GoOn(slot.PublishedSeq, slot.SentSeq);
        slot.PublishedSeq = shard.Outbox.PublishedSeq;
        (slot.Shard, slot.State, slot.IsPaused) = (shard, SlotState.Open, false);
        (slot.IsNew, slot.HasReadEverything, slot.IsSpillTold, slot.AcknowledgedAt) = (false, false, false, parts.Time.GetTimestamp());
        slots.SetOpen(slot.Id, shard);
        stats.Open(shard);
        // From one record before, where that can be told from another: see TopicGuard.
        slot.ComparesLast = shard is { NextOffset: > 0, LastRecordMs: > 0 };
        parts.Source.ReadFrom(slot.Id, slot.ComparesLast ? shard.NextOffset - 1 : shard.NextOffset);
        // A shard that is read back was paused when it was dropped.
        parts.Source.Resume(slot.Id);
        if (alreadyPublished > 0)
        {
            parts.Logger.AlreadyPublished(slot.Id, alreadyPublished);
        }
        if (_trouble.Leave(slot.Id))
        {
            // With every attempt, until it is over.
            parts.Logger.ReadBack(slot.Id, shard.Epoch, shard.SessionCount, shard.NextOffset, shard.Outbox.Count);
        }
        else if (isKept)
        {
            parts.Logger.TakenOverAgain(slot.Id, shard.Epoch, shard.SessionCount, shard.NextOffset, shard.Outbox.Count);
        }
        else
        {
            parts.Logger.TakenOver(slot.Id, shard.Epoch, shard.SessionCount, shard.NextOffset, shard.Outbox.Count);
        }
    }

    private void Fail(ShardSlot slot, Exception error)
    {
        switch (error)
        {
            case ShardStoppedException:
                // A full disk, a locked file, a damaged log: somebody may mend it while the other shards go on.
                if (_trouble.IsNews(slot.Id, error.Message))
                {
                    parts.Logger.Stopped(slot.Id, error.Message);
                }
                MarkStopped(slot, error.Message);
                Wait(slot, _options.RetryMsMax);
                break;
            case EngineFatalException:
                throw error;
            default:
                Wait(slot, NextRetryMs(slot));
                if (_trouble.IsNews(slot.Id, error.Message))
                {
                    parts.Logger.LoadFailed(slot.Id, error.Message);
                }
                break;
        }
    }

    private void Wait(ShardSlot slot, int retryMs)
    {
        slot.State = SlotState.Waiting;
        slot.RetryMs = retryMs;
        slot.RetryAt = parts.Time.GetTimestamp() + retryMs * parts.Time.TimestampFrequency / 1000;
    }

    private int NextRetryMs(ShardSlot slot) => Math.Clamp(slot.RetryMs * 2, _options.RetryMsMin, _options.RetryMsMax);
}
