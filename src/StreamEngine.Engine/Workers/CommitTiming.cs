using StreamEngine.Engine.Commits;
using StreamEngine.Engine.Shards;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// When a worker's next commit is due: at once for an action that a person waits for and for a full one, else after a linger that follows the
/// store's own pace; within a second where only offsets or receipts moved on.
/// </summary>
internal sealed class CommitTiming(EngineOptions options, TimeProvider time, bool hurriesProgress)
{
    private const int ProgressMs = 1_000;

    /// <summary>A typical encoded session takes 300 B.</summary>
    private readonly int _sessionsMax = Math.Max(1, options.CommitBytesMax / 300);

    private long? _dirtySince;
    private long? _progressSince;

    public bool HasDirty => _dirtySince is not null;

    public bool IsFull(Shard shard) => shard.UncommittedClicks >= options.CommitClicksMax || shard.DirtySessions >= _sessionsMax
        || shard.UncommittedActions >= options.OutboxItemsMax;

    /// <summary>Whether a commit may start now. Under load a commit takes longer: waiting about as long for the next one fills it better.</summary>
    /// <param name="isReading">Clicks came in this turn of the loop.</param>
    public bool IsDue(ShardSlot[] slots, CommitPipeline pipeline, bool isReading)
    {
        var isDue = false;
        var isDirty = false;
        var hasProgress = false;
        var woken = 0;
        foreach (var slot in slots)
        {
            if (slot is not { State: SlotState.Open, Shard: { } shard } || pipeline.IsFull(shard))
            {
                continue;
            }
            isDirty |= shard.IsDirty;
            hasProgress |= shard.HasProgress;
            woken += shard.UncommittedWakes;
            isDue |= shard.IsUrgent || IsFull(shard) || shard.DeadLetters.IsFull;
        }
        isDue |= woken >= options.DeadlinesUncommittedMax;
        var now = time.GetTimestamp();
        _dirtySince = isDirty ? _dirtySince ?? now : null;
        _progressSince = isDirty || hasProgress ? _progressSince ?? now : null;
        var lingerMs = Math.Clamp(pipeline.LastMs, options.LingerMsMin, options.LingerMsMax);
        isDue |= _dirtySince is { } dirty && time.GetElapsedTime(dirty, now).TotalMilliseconds >= lingerMs;
        isDue |= _progressSince is { } progress && time.GetElapsedTime(progress, now).TotalMilliseconds >= ProgressMs;
        isDue |= hasProgress && hurriesProgress && !isReading;
        return isDue && (isDirty || hasProgress);
    }

    public void Started() => (_dirtySince, _progressSince) = (null, null);
}
