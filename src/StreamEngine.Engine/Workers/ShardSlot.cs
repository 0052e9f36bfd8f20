using StreamEngine.Engine.Shards;

namespace StreamEngine.Engine.Workers;

internal enum SlotState : byte
{
    /// <summary>Waiting for its next try at loading.</summary>
    Waiting,
    Loading,
    Open,

    /// <summary>Stands still until an operator acts.</summary>
    Stopped,
}

/// <summary>One assigned partition in a worker, from assignment to loss.</summary>
internal sealed class ShardSlot(int shard)
{
    public int Id { get; } = shard;
    public SlotState State { get; set; } = SlotState.Waiting;
    public Shard? Shard { get; set; }
    public ShardFaults Faults { get; set; } = new();
    public Task<Shard>? Load { get; set; }

    /// <summary>TimeProvider timestamp of the next try.</summary>
    public long RetryAt { get; set; }
    public int RetryMs { get; set; }

    /// <summary>The log end at take-over: below it the shard is behind. -1 unknown.</summary>
    public long LogEndAtStart { get; set; } = -1;
    public long AskLogEndAt { get; set; }
    public bool IsPaused { get; set; }
}
