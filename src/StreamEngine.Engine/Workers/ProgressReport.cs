namespace StreamEngine.Engine.Workers;

/// <summary>What one shard of a worker shows of its progress. Written by the worker a few times a second; other threads read each figure whole, together they may be a moment apart.</summary>
public sealed class ShardProgress(int shard)
{
    public int Shard { get; } = shard;

    public ShardState State { get; internal set; }

    /// <summary>-1 while the shard is not in memory.</summary>
    public long NextOffset { get; internal set; } = -1;

    /// <summary>It is at the end of its log, as far as that is known.</summary>
    public bool HasReadEverything { get; internal set; }

    /// <summary>Committed actions that the broker has not acknowledged.</summary>
    public long Unpublished { get; internal set; }

    /// <summary>How many of these are in memory; the others are in the store only.</summary>
    public int InMemory { get; internal set; }
}

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

/// <summary>What a worker shows of its progress.</summary>
public sealed class WorkerProgress
{
    /// <summary>The group has said what this worker reads, if only nothing.</summary>
    public bool HasJoined { get; internal set; }

    /// <summary>A TimeProvider timestamp: an old one is of a worker that hangs.</summary>
    public long At { get; internal set; }

    public IReadOnlyList<ShardProgress> Shards { get; internal set; } = [];
}

/// <summary>Keeps a worker's progress up to date for other threads. Allocates only when shards come and go.</summary>
internal sealed class ProgressReport(SlotTable slots, WorkerProgress progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private ShardSlot[] _slots = [];
    private ShardProgress[] _shards = [];
    private bool _hasJoined;

    public void Joined() => _hasJoined = true;

    public void MaybePublish()
    {
        var now = time.GetTimestamp();
        if (progress.HasJoined == _hasJoined && ReferenceEquals(_slots, slots.All) && time.GetElapsedTime(progress.At, now) < Interval)
        {
            return;
        }
        if (!ReferenceEquals(_slots, slots.All))
        {
            _slots = slots.All;
            _shards = Array.ConvertAll(_slots, static slot => new ShardProgress(slot.Id));
        }
        for (var i = 0; i < _slots.Length; i++)
        {
            Fill(_shards[i], _slots[i]);
        }
        (progress.Shards, progress.At, progress.HasJoined) = (_shards, now, _hasJoined);
    }

    private static void Fill(ShardProgress shown, ShardSlot slot)
    {
        shown.State = StateOf(slot);
        shown.NextOffset = slot.Shard?.NextOffset ?? -1;
        shown.HasReadEverything = slot.HasReadEverything;
        shown.Unpublished = slot.Shard?.Outbox.Count ?? 0;
        shown.InMemory = slot.Shard?.Outbox.InMemory ?? 0;
    }

    private static ShardState StateOf(ShardSlot slot) => slot.State switch
    {
        SlotState.Open => slot.IsPaused ? ShardState.Paused : ShardState.Open,
        SlotState.Stopped => ShardState.Stopped,
        _ => ShardState.Opening,
    };
}
