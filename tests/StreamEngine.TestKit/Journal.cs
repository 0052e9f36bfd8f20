using StreamEngine.Engine.Stores;

namespace StreamEngine.TestKit;

/// <summary>One contact of a worker with the world outside.</summary>
/// <param name="When">By both clocks.</param>
public abstract record JournalEntry(Moment When);

/// <param name="ClockMs">What the engine's wall clock shows, Unix ms.</param>
/// <param name="TrueMs">What it would show had it never jumped.</param>
public readonly record struct Moment(long ClockMs, long TrueMs);

/// <summary>The process began, for the first time or again.</summary>
public sealed record BeganEntry(Moment When) : JournalEntry(When);

/// <summary>The shard was taken over; its next record must be the one at or after <paramref name="NextOffset"/> (-1: the first there is).</summary>
public sealed record TakenOverEntry(Moment When, long Epoch, long CommitSeq, long NextOffset, long ActionSeq) : JournalEntry(When);

/// <summary>The source handed out a record.</summary>
public sealed record ReadEntry(Moment When, long Offset) : JournalEntry(When);

/// <param name="IsWritten">What became of it in the store, which is not always what the engine was told.</param>
/// <param name="DeadLetters">Offsets of the unreadable records that it steps over.</param>
public sealed record CommitEntry(Moment When, long Epoch, long Seq, long NextOffset, long ShardTimeMs, bool IsWritten, CommitOutcome Told, IReadOnlyList<ActionRow> Actions,
    IReadOnlyList<long> DeadLetters) : JournalEntry(When);

/// <summary>A message arrived in a topic. The ticket of an action is its sequence, that of a dead letter its offset.</summary>
public sealed record ArrivedEntry(Moment When, bool IsAction, long Ticket, string Id) : JournalEntry(When);

/// <summary>A topic did not take a message; the engine hears of it later, or never.</summary>
public sealed record RefusedEntry(Moment When, bool IsAction, long Ticket) : JournalEntry(When);

/// <summary>The engine heard that a topic did not take a message: from now on nothing may overtake it.</summary>
public sealed record ToldRefusalEntry(Moment When, bool IsAction, long Ticket) : JournalEntry(When);

/// <summary>Everything one shard's worker did to the outside, in order, over all of its lives: what checkers read, and what makes two runs comparable.</summary>
public sealed class Journal(FakeTime time)
{
    private readonly List<JournalEntry> _entries = [];

    public IReadOnlyList<JournalEntry> Entries => _entries;

    private Moment Now => new(time.NowMs, time.TrueMs);

    public void Began() => _entries.Add(new BeganEntry(Now));

    public void TakenOver(ShardLease lease) => _entries.Add(new TakenOverEntry(Now, lease.Epoch, lease.CommitSeq, lease.NextOffset, lease.ActionSeq));

    public void Read(long offset) => _entries.Add(new ReadEntry(Now, offset));

    /// <summary>Copies what it needs: the worker uses a commit again.</summary>
    public void Committed(ShardCommit commit, bool isWritten, CommitOutcome told) => _entries.Add(new CommitEntry(
        Now, commit.Epoch, commit.CommitSeq, commit.NextOffset, commit.ShardTimeMs, isWritten, told, [.. commit.Actions.Select(row => row.Kept())], [.. commit.DeadLetters.Select(row => row.Offset)]));

    public void Refused(bool isAction, long ticket) => _entries.Add(new RefusedEntry(Now, isAction, ticket));

    public void ToldRefusal(bool isAction, long ticket) => _entries.Add(new ToldRefusalEntry(Now, isAction, ticket));

    public void Arrived(bool isAction, long ticket, string id) => _entries.Add(new ArrivedEntry(Now, isAction, ticket, id));
}
