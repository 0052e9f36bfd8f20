namespace StreamEngine.Engine.Stores;

/// <summary>
/// Where shards live. One transaction writes a worker's dirty shards of one home: state, outbox, read models and offset can never disagree.
/// The epoch decides who may write: every commit is fenced by (epoch, owner, commit_seq) per shard, and a fenced shard
/// drops out of the transaction while the others go on.
/// </summary>
public interface IShardStore : IDisposable
{
    /// <summary>
    /// Why the store can never go on: it was taken away under the engine. Null while it can. From then on no commit is acknowledged, and the workers end. Any thread.
    /// </summary>
    EngineFatalException? Loss { get; }

    /// <summary>
    /// Fixes the number of shards and the topic they belong to, or checks them against what was fixed before.
    /// </summary>
    /// <exception cref="EngineFatalException">The store holds another number of shards or another topic.</exception>
    void Provision(string topic, int shardCount);

    /// <summary>Database servers that share the shards out among them.</summary>
    int Homes => 1;

    /// <summary>Which of them holds the shard, from 0. A batch has shards of one home only: two homes share no transaction, and one may be away alone.</summary>
    int HomeOf(int shard) => 0;

    /// <summary>
    /// Raises the shard's epoch and makes <paramref name="owner"/> its owner. Waits out a transaction of the previous owner. Short.
    /// </summary>
    ShardLease TakeOver(int shard, string owner);

    /// <summary>The shard's segments in order of sequence. The memory holds until the next element is asked for.</summary>
    IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard);

    /// <summary>Emitted actions after <paramref name="afterSeq"/>, in order of sequence: the outbox of a shard that was taken over.</summary>
    IReadOnlyList<ActionRow> ReadOutbox(int shard, long afterSeq, int countMax);

    /// <summary>
    /// Starts to write. Never blocks and never throws; <see cref="CommitBatch.IsDone"/> becomes true when every
    /// <see cref="ShardCommit.Outcome"/> is set. Batches of one worker are written in the order they were handed over.
    /// The store reads the batch until then: the worker must not touch it.
    /// </summary>
    void Submit(CommitBatch batch);

    /// <summary>
    /// What became of a commit whose outcome was <see cref="CommitOutcome.Unknown"/>: looked up, never guessed. Blocks while the store is away.
    /// </summary>
    /// <returns>The shard's commit_seq as it is in the store; -1 when the shard has another owner now.</returns>
    long ResolveCommitSeq(int shard, long epoch);

    /// <summary>The shard as it was committed, with what operators did to it. Changes nothing.</summary>
    /// <exception cref="EngineFatalException">There is no such shard.</exception>
    ShardRecord ReadShard(int shard);

    /// <summary>
    /// Does to a shard what an operator has decided, and notes it, in one transaction. The epoch rises and the shard has no owner: a node that still has it writes
    /// nothing more under the old epoch.
    /// </summary>
    /// <exception cref="EngineFatalException">There is no such shard, or it is not at <see cref="ShardRepair.Epoch"/> any more.</exception>
    void Repair(ShardRepair repair);
}

/// <summary>What taking over a shard found.</summary>
/// <param name="NextOffset">Where to read on; -1 for a shard that never committed.</param>
/// <param name="ShardTimeMs">Shard time of the last commit; 0 for none.</param>
/// <param name="ActionSeq">Sequence of the last emitted action.</param>
/// <param name="PublishedSeq">Actions up to here are known to be published.</param>
public sealed record ShardLease(
    int Shard, string Owner, long Epoch, long CommitSeq, long NextOffset, long ShardTimeMs, long ActionSeq, long PublishedSeq, IReadOnlyList<SegmentInfo> Segments)
{
    /// <summary>The broker's time of the record before <see cref="NextOffset"/>, Unix ms: by it a topic that was made anew is told from the one that was read. 0 unknown.</summary>
    public long LastRecordMs { get; init; }
}

public readonly record struct SegmentInfo(long Seq, long Bytes);
