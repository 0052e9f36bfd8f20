namespace StreamEngine.Engine.Stores;

public enum RepairKind : byte
{
    /// <summary>Reading goes on at another offset. Sessions stay as they are.</summary>
    SkipTo,

    /// <summary>
    /// Sessions, carts and positions of dead letters are dropped, and the shard begins as a new one does. Its actions stay, published or not, and so does their
    /// numbering: an action that is decided again has the id it had, and no two have one place in the outbox. Figures and contacts stay.
    /// </summary>
    Forget,
}

/// <summary>What an operator has decided about a shard.</summary>
/// <param name="Epoch">As the operator saw it: if the shard has moved since, nothing is done.</param>
/// <param name="NextOffset">Where reading goes on; -1 where the log begins.</param>
/// <param name="By">Who, such as a user's name.</param>
public sealed record ShardRepair(int Shard, long Epoch, RepairKind Kind, long NextOffset, string By, string Reason, long AtMs);

/// <param name="NextOffsetBefore">-1 for a shard that never read.</param>
public sealed record OperatorNote(long AtMs, string By, RepairKind Kind, long NextOffsetBefore, long NextOffset, string Reason);

/// <summary>A shard's row, for people.</summary>
/// <param name="Owner">Empty where nobody has taken it over, or an operator took it out of the owner's hands.</param>
/// <param name="TakenMs">When it was last taken over, Unix ms; 0 never.</param>
/// <param name="Notes">Oldest first.</param>
public sealed record ShardRecord(
    int Shard, string Owner, long Epoch, long TakenMs, long CommitSeq, long NextOffset, long LastRecordMs, long ShardTimeMs, long ActionSeq, long PublishedSeq,
    long SegmentCount, long SegmentBytes, IReadOnlyList<OperatorNote> Notes);
