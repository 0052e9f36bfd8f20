using StreamEngine.Engine.Stores;

namespace StreamEngine.Simulation.Worlds;

/// <summary>All contacts of all workers with the world outside, in the order in which they happened.</summary>
public sealed class History
{
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Entry> Entries => _entries;

    public int Count => _entries.Count;

    public void Add(Entry entry) => _entries.Add(entry);
}

/// <summary>What checkers read: one contact of a worker with the world outside, as the outside saw it.</summary>
/// <param name="AtMs">True time.</param>
/// <param name="Process">Worker and which life of it, as "node-b/1#3": memory does not outlive it.</param>
public abstract record Entry(long AtMs, int Shard, string Process);

public sealed record TakenOver(long AtMs, int Shard, string Process, long Epoch, long CommitSeq, long NextOffset) : Entry(AtMs, Shard, Process);

/// <summary>The worker asked for this offset and those after it.</summary>
public sealed record Placed(long AtMs, int Shard, string Process, long Offset) : Entry(AtMs, Shard, Process);

public sealed record Handed(long AtMs, int Shard, string Process, long Offset) : Entry(AtMs, Shard, Process);

/// <summary>A commit that was written, whatever its worker was told.</summary>
/// <param name="SubmittedWallMs">What the node's wall clock showed when it handed the commit over.</param>
/// <param name="LatestShownMs">The latest time that any node's clock had shown by then.</param>
/// <param name="DeadLetters">Offsets of the unreadable records that it steps over.</param>
public sealed record Written(
    long AtMs, int Shard, string Process, long SubmittedMs, long SubmittedWallMs, long LatestShownMs, long Epoch, long Seq, long NextOffset, long ShardTimeMs, long ActionSeq, long PublishedSeq,
    IReadOnlyList<ActionRow> Actions, IReadOnlyList<long> DeadLetters) : Entry(AtMs, Shard, Process);

/// <param name="Number">How many entries the history had when it was handed to the client.</param>
/// <param name="Ticket">Sequence of an action, offset of a dead letter.</param>
public sealed record Arrived(long AtMs, int Shard, string Process, bool IsAction, long Ticket, string Id, int Number) : Entry(AtMs, Shard, Process);

public sealed record Refused(long AtMs, int Shard, string Process, bool IsAction, long Ticket) : Entry(AtMs, Shard, Process);

/// <summary>The worker heard of a refusal.</summary>
public sealed record ToldRefusal(long AtMs, int Shard, string Process, bool IsAction, long Ticket) : Entry(AtMs, Shard, Process);

/// <summary>Something that must never happen was seen while the world ran.</summary>
public sealed record Seen(long AtMs, int Shard, string Process, string Check, string What) : Entry(AtMs, Shard, Process);
