namespace StreamEngine.Engine.Workers;

/// <summary>What one shard of a worker shows of its progress.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="HasReadEverything">It is at the end of its log, as far as that is known.</param>
/// <param name="Unpublished">Committed actions that the broker has not acknowledged.</param>
/// <param name="InMemory">How many of these are in memory; the others are in the store only.</param>
public readonly record struct ShardProgress(int Shard, ShardState State, long NextOffset, bool HasReadEverything, long Unpublished, int InMemory);

public enum ShardState : byte
{
    /// <summary>Being taken over and read back, or waiting for that.</summary>
    Opening,
    Open,

    /// <summary>Open, and its reading waits for the database or the broker.</summary>
    Paused,

    /// <summary>Stands still until an operator acts.</summary>
    Stopped,
}

/// <summary>Publishes a worker's progress to other threads a few times a second: an array of its own each time, so nobody needs a lock.</summary>
internal sealed class ProgressReport(SlotTable slots, WorkerStats stats, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private long _publishedAt = long.MinValue;
    private bool _hasJoined;

    /// <summary>The group has said what this worker reads, if only nothing.</summary>
    public void Joined() => (_hasJoined, _publishedAt) = (true, long.MinValue);

    public void MaybePublish()
    {
        var now = time.GetTimestamp();
        if (_publishedAt != long.MinValue && time.GetElapsedTime(_publishedAt, now) < Interval)
        {
            return;
        }
        _publishedAt = now;
        var all = slots.All;
        var progress = new ShardProgress[all.Length];
        for (var i = 0; i < all.Length; i++)
        {
            var shard = all[i].Shard;
            progress[i] = new ShardProgress(
                all[i].Id, StateOf(all[i]), shard?.NextOffset ?? -1, all[i].HasReadEverything, shard?.Outbox.Count ?? 0, shard?.Outbox.InMemory ?? 0);
        }
        stats.Progress = new WorkerProgress(_hasJoined, now, progress);
    }

    private static ShardState StateOf(ShardSlot slot) => slot.State switch
    {
        SlotState.Open => slot.IsPaused ? ShardState.Paused : ShardState.Open,
        SlotState.Stopped => ShardState.Stopped,
        _ => ShardState.Opening,
    };
}

/// <param name="HasJoined">The group has said what this worker reads, if only nothing.</param>
/// <param name="At">A TimeProvider timestamp: an old one is of a worker that hangs.</param>
public sealed record WorkerProgress(bool HasJoined, long At, IReadOnlyList<ShardProgress> Shards);
