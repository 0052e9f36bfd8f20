namespace StreamEngine.Engine.Sources;

/// <summary>
/// Where a worker reads clicks: the Kafka consumer, a file, or a test's script. Used by one thread only.
/// A shard is a partition of the source. Shards come and go by calls on the <see cref="IShardAssignee"/>, made from inside
/// <see cref="TryRead"/> on the worker's own thread, so nothing needs a lock.
/// </summary>
public interface IClickSource : IDisposable
{
    /// <summary>Joins the group. Calls on <paramref name="assignee"/> begin with the first <see cref="TryRead"/>.</summary>
    void Start(IShardAssignee assignee);

    /// <summary>
    /// The next record of any shard that is being read, waiting at most <paramref name="wait"/> for one.
    /// The record's spans hold until the next call.
    /// </summary>
    /// <exception cref="EngineFatalException">The client cannot go on in this process.</exception>
    bool TryRead(TimeSpan wait, out ClickRecord record);

    /// <summary>Begins to read an assigned shard at <paramref name="offset"/>, or where the log begins if it is -1. Until then an assigned shard is silent.</summary>
    void ReadFrom(int shard, long offset);

    /// <summary>Stops handing out this shard's records until <see cref="Resume"/>; <see cref="TryRead"/> goes on for the others and for the group.</summary>
    void Pause(int shard);

    void Resume(int shard);

    /// <summary>The offset that the next record to be written will get, as far as is known without asking; -1 if unknown, which holds deadlines.</summary>
    /// <param name="age">So long ago this was certain: what was appended later may be missing. Zero where the source hears of each record at once.</param>
    long LogEnd(int shard, out TimeSpan age);

    /// <summary>The same, asked of the broker now. Slow (ms). -1 if the broker does not answer within <paramref name="wait"/>.</summary>
    long QueryLogEnd(int shard, TimeSpan wait);

    /// <summary>Tells lag tools how far the shard is committed. Recovery never reads it.</summary>
    void ReportCommitted(int shard, long nextOffset);

    /// <summary>
    /// The worker is about to commit, publish and leave; it reads no more. Its shards stay its own until the source is disposed of: a group that shares them out anew
    /// meanwhile waits for that, and does not count on this worker. Nothing to do for a source that has no group.
    /// </summary>
    void BeginLeave()
    {
    }
}

/// <summary>Who is told which shards a source hands to this worker. Handlers are short.</summary>
public interface IShardAssignee
{
    void OnAssigned(IReadOnlyList<int> shards);

    /// <summary>The shards go to another worker. Commit what is done and let go: at most 2 s.</summary>
    void OnRevoked(IReadOnlyList<int> shards);

    /// <summary>The shards are already somebody else's. Drop them at once and publish nothing more.</summary>
    void OnLost(IReadOnlyList<int> shards);

    /// <summary>
    /// Below this offset there is nothing more to hand out: what was left out on the way are no records but marks that a producer's transaction leaves, aborted
    /// records, or compacted ones. Told when it takes the shard further than its last record.
    /// </summary>
    void OnEndReached(int shard, long offset);

    /// <summary>The source has no record at the offset that this shard asked for; the shard stops and says so.</summary>
    void OnOffsetMissing(int shard, string found);
}

/// <summary>One record as it came. The spans belong to the source and hold until its next read.</summary>
public ref struct ClickRecord
{
    public const int AheadRecords = 3;

    public int Shard;
    public long Offset;

    /// <summary>Unix ms as the broker has it; 0 where it has none.</summary>
    public long TimestampMs;

    /// <summary>True where the broker stamped the record when it appended it: such times never run backwards.</summary>
    public bool IsLogAppendTime;

    public ReadOnlySpan<byte> Key;
    public ReadOnlySpan<byte> Value;

    /// <summary>
    /// Shard and key of the record that seems to come <see cref="AheadRecords"/> later; an empty key where none is here yet. A hint to bring its session near.
    /// </summary>
    public int AheadShard;
    public ReadOnlySpan<byte> AheadKey;
}
