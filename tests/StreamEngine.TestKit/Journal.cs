using StreamEngine.Engine.Stores;

namespace StreamEngine.TestKit;

/// <summary>One contact of a worker with the world outside. Clock: what the engine's wall clock shows, Unix ms.</summary>
public abstract record JournalEntry(long ClockMs);

/// <summary>The process began, for the first time or again.</summary>
public sealed record BeganEntry(long ClockMs) : JournalEntry(ClockMs);

/// <summary>The shard was taken over; its next record must be the one at or after <paramref name="NextOffset"/> (-1: the first there is).</summary>
public sealed record TakenOverEntry(long ClockMs, long Epoch, long CommitSeq, long NextOffset, long ActionSeq) : JournalEntry(ClockMs);

/// <summary>The source handed out a record.</summary>
public sealed record ReadEntry(long ClockMs, long Offset) : JournalEntry(ClockMs);

/// <param name="IsWritten">What became of it in the store, which is not always what the engine was told.</param>
/// <param name="DeadLetters">Offsets of the unreadable records that it steps over.</param>
public sealed record CommitEntry(long ClockMs, long Epoch, long Seq, long NextOffset, long ShardTimeMs, bool IsWritten, CommitOutcome Told, IReadOnlyList<ActionRow> Actions,
    IReadOnlyList<long> DeadLetters) : JournalEntry(ClockMs);

/// <summary>A message arrived in a topic. The ticket of an action is its sequence, that of a dead letter its offset.</summary>
public sealed record ArrivedEntry(long ClockMs, bool IsAction, long Ticket, string Id) : JournalEntry(ClockMs);

/// <summary>Everything one shard's worker did to the outside, in order, over all of its lives: what checkers read, and what makes two runs comparable.</summary>
public sealed class Journal(FakeTime time)
{
    private readonly List<JournalEntry> _entries = [];

    public IReadOnlyList<JournalEntry> Entries => _entries;

    public void Began() => _entries.Add(new BeganEntry(time.NowMs));

    public void TakenOver(ShardLease lease) => _entries.Add(new TakenOverEntry(time.NowMs, lease.Epoch, lease.CommitSeq, lease.NextOffset, lease.ActionSeq));

    public void Read(long offset) => _entries.Add(new ReadEntry(time.NowMs, offset));

    /// <summary>Copies what it needs: the worker uses a commit again.</summary>
    public void Committed(ShardCommit commit, bool isWritten, CommitOutcome told) => _entries.Add(new CommitEntry(
        time.NowMs, commit.Epoch, commit.CommitSeq, commit.NextOffset, commit.ShardTimeMs, isWritten, told, [.. commit.Actions], [.. commit.DeadLetters.Select(row => row.Offset)]));

    public void Arrived(bool isAction, long ticket, string id) => _entries.Add(new ArrivedEntry(time.NowMs, isAction, ticket, id));
}
