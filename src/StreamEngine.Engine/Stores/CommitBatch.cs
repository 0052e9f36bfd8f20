using System.Buffers;

namespace StreamEngine.Engine.Stores;

public enum CommitOutcome : byte
{
    Pending,
    Committed,

    /// <summary>Another owner or epoch, or a commit_seq that does not follow: nothing of this shard was written.</summary>
    Fenced,

    /// <summary>Nothing was written. <see cref="ShardCommit.Error"/> says why.</summary>
    Failed,

    /// <summary>Written or not: ask <see cref="IShardStore.ResolveCommitSeq"/>.</summary>
    Unknown,
}

/// <summary>One worker's dirty shards, written in one transaction.</summary>
/// <param name="onDone">Called on the store's thread once the batch is done; short.</param>
public sealed class CommitBatch(Action? onDone = null)
{
    private volatile bool _done;

    public List<ShardCommit> Shards { get; } = [];

    /// <summary>True once all outcomes are set; they are visible to the thread that sees this.</summary>
    public bool IsDone => _done;

    /// <summary>Called by the store, once, on its own thread.</summary>
    public void Complete()
    {
        _done = true;
        onDone?.Invoke();
    }

    public void Reset()
    {
        Shards.Clear();
        _done = false;
    }
}

/// <summary>All that one commit changes in one shard. Buffers are reused by the worker after the batch is done.</summary>
public sealed class ShardCommit
{
    public int Shard { get; set; }
    public long Epoch { get; set; }
    public string Owner { get; set; } = "";

    /// <summary>This commit's sequence; the store must be at the one before.</summary>
    public long CommitSeq { get; set; }

    /// <summary>The first offset that is not contained in this commit.</summary>
    public long NextOffset { get; set; }

    /// <summary>See <see cref="ShardLease.LastRecordMs"/>.</summary>
    public long LastRecordMs { get; set; }
    public long ShardTimeMs { get; set; }
    public long ActionSeq { get; set; }
    public long PublishedSeq { get; set; }

    /// <summary>Encoded sessions that changed; no segment is written when empty. Its sequence is <see cref="CommitSeq"/>.</summary>
    public ArrayBufferWriter<byte> Segment { get; } = new(4096);

    /// <summary>Segments with a lower sequence hold nothing that is alive: delete them. 0 deletes none.</summary>
    public long DropSegmentsBelow { get; set; }

    /// <summary>Where the texts of <see cref="Actions"/> lie.</summary>
    public RowTexts Texts { get; } = new();

    public List<CartRow> Carts { get; } = [];
    public List<ActionRow> Actions { get; } = [];
    public List<KpiDelta> Kpis { get; } = [];
    public List<DeadLetterRow> DeadLetters { get; } = [];
    public List<ContactRow> Contacts { get; } = [];

    public CommitOutcome Outcome { get; set; }

    /// <summary>Why it failed, and what to do about it.</summary>
    public string? Error { get; set; }

    public void Reset()
    {
        Segment.ResetWrittenCount();
        DropSegmentsBelow = 0;
        Carts.Clear();
        Actions.Clear();
        Texts.Reset();
        Kpis.Clear();
        DeadLetters.Clear();
        Contacts.Clear();
        Outcome = CommitOutcome.Pending;
        Error = null;
    }
}
