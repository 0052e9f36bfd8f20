using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;

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

/// <summary>One assigned partition in a worker, from assignment to loss. Times are TimeProvider timestamps.</summary>
internal sealed class ShardSlot(int shard)
{
    public int Id { get; } = shard;
    public SlotState State { get; set; } = SlotState.Waiting;

    /// <summary>Set while open; and while waiting, for as long as a commit of its earlier memory is under way.</summary>
    public Shard? Shard { get; set; }

    /// <summary>
    /// All actions up to here were acknowledged by the broker. It outlives the shard's memory: a store that takes no commit cannot note it,
    /// and each time the shard is read back everything since the last commit would be published again.
    /// </summary>
    public long PublishedSeq { get; set; }

    /// <summary>All actions up to here were given to the client when the shard's memory was dropped, and the broker has refused none of them since.</summary>
    public long SentSeq { get; set; }
    public ShardFaults Faults { get; } = new();
    public Task<LoadedShard>? Load { get; set; }

    /// <summary>Actions that are being read from the store for the outbox.</summary>
    public Task<IReadOnlyList<ActionRow>>? Page { get; set; }

    /// <summary><see cref="Outbox.CommittedSeq"/> when the page was asked for.</summary>
    public long PageUpToSeq { get; set; }

    /// <summary>No page is asked for before.</summary>
    public long PageAt { get; set; }

    /// <summary>True until this worker has had the shard in memory, and again when another owner has.</summary>
    public bool IsNew { get; set; } = true;

    /// <summary>The record before the shard's offset is read once more: is it the one that was read before?</summary>
    public bool ComparesLast { get; set; }

    public long RetryAt { get; set; }
    public int RetryMs { get; set; }

    public bool IsPaused { get; set; }

    /// <summary>Read to the end of the log, as far as that is known.</summary>
    public bool HasReadEverything { get; set; }

    /// <summary>When the broker last acknowledged an action of this shard, or nothing was waiting for it.</summary>
    public long AcknowledgedAt { get; set; }

    /// <summary>The operator has been told that actions wait in the store alone.</summary>
    public bool IsSpillTold { get; set; }

    /// <summary>The operator has been told that the outbox is full.</summary>
    public bool IsFullTold { get; set; }

    /// <summary>When the first of the overdue actions that wait for others was seen; null where none does.</summary>
    public long? GathersSince { get; set; }

    /// <summary>Nothing is sent before: the broker refused a message.</summary>
    public long SendAt { get; set; }
}
