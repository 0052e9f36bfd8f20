using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.TestKit;

public enum CommitFault
{
    None,
    Fail,

    /// <summary>Written, but the answer is lost.</summary>
    UnknownWritten,

    /// <summary>Not written, and the answer is lost.</summary>
    UnknownLost,

    /// <summary>Another node takes the shards over just before.</summary>
    Fence,
}

/// <summary>What one shard's part of a commit brought, as the store saw it.</summary>
public sealed record SeenCommit(int Shard, long Epoch, long Seq, long NextOffset, long DropSegmentsBelow, byte[] Segment, CommitOutcome Outcome);

/// <summary>
/// A store that fails on demand in front of a real one. Faults: the n-th commit fails, is lost or written without an answer, or is fenced; all commits
/// wait while <see cref="IsHeld"/>; nothing at all works while <see cref="IsDown"/>.
/// </summary>
public sealed class FaultyStore(IShardStore inner, CrashPoints? crashes = null, Journal? journal = null) : IShardStore
{
    private readonly Queue<(CommitBatch Batch, int Number)> _held = new();

    /// <summary>By number of the commit, from 1.</summary>
    public Dictionary<int, CommitFault> Faults { get; } = [];

    public bool IsHeld { get; set; }

    public bool IsDown { get; set; }

    /// <summary>Shard n lives on home n modulo this.</summary>
    public int Homes { get; init; } = 1;

    /// <summary>The commits of this home alone wait.</summary>
    public int? HeldHome { get; set; }

    /// <summary>Commits that wait.</summary>
    public int Held => _held.Count;

    /// <summary>Commits that were handed over.</summary>
    public int Submitted { get; private set; }

    public int TakeOvers { get; private set; }

    /// <summary>How often a shard's log was read.</summary>
    public int LogReads { get; private set; }

    /// <summary>How often actions were read for an outbox.</summary>
    public int OutboxReads { get; private set; }

    public List<SeenCommit> Seen { get; } = [];

    /// <summary>Set: taken away for good.</summary>
    public EngineFatalException? Loss { get; set; }

    public int HomeOf(int shard) => shard % Homes;

    public void Provision(string topic, int shardCount) => inner.Provision(topic, shardCount);

    public ShardLease TakeOver(int shard, string owner)
    {
        ThrowIfDown();
        TakeOvers++;
        var lease = inner.TakeOver(shard, owner);
        journal?.TakenOver(lease);
        return lease;
    }

    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard)
    {
        ThrowIfDown();
        LogReads++;
        return inner.ReadSegments(shard);
    }

    public IReadOnlyList<ActionRow> ReadOutbox(int shard, long afterSeq, int countMax)
    {
        ThrowIfDown();
        OutboxReads++;
        return inner.ReadOutbox(shard, afterSeq, countMax);
    }

    public void Submit(CommitBatch batch)
    {
        crashes?.Pass();
        Submitted++;
        if (batch.Shards.Select(commit => HomeOf(commit.Shard)).Distinct().Count() > 1)
        {
            throw new InvalidOperationException("A batch has shards of two homes, which share no transaction.");
        }
        if (IsHeld || (HeldHome is { } held && batch.Shards.Exists(commit => HomeOf(commit.Shard) == held)))
        {
            _held.Enqueue((batch, Submitted));
            return;
        }
        Write(batch, Faults.GetValueOrDefault(Submitted));
        crashes?.Pass();
    }

    /// <summary>Writes what was held, in order.</summary>
    public void Release()
    {
        (IsHeld, HeldHome) = (false, null);
        while (_held.TryDequeue(out var held))
        {
            Write(held.Batch, Faults.GetValueOrDefault(held.Number));
        }
    }

    /// <summary>The engine's process is gone before the held commits reached the disk.</summary>
    public void DropHeld() => _held.Clear();

    public long ResolveCommitSeq(int shard, long epoch)
    {
        ThrowIfDown();
        return inner.ResolveCommitSeq(shard, epoch);
    }

    public ShardRecord ReadShard(int shard) => inner.ReadShard(shard);

    public void Repair(ShardRepair repair) => inner.Repair(repair);

    public void Dispose() => inner.Dispose();

    private void Write(CommitBatch batch, CommitFault fault)
    {
        if (fault == CommitFault.Fence)
        {
            foreach (var commit in batch.Shards)
            {
                inner.TakeOver(commit.Shard, "rival");
            }
        }
        if (IsDown || fault is CommitFault.Fail or CommitFault.UnknownLost)
        {
            foreach (var commit in batch.Shards)
            {
                (commit.Outcome, commit.Error) = (fault == CommitFault.UnknownLost ? CommitOutcome.Unknown : CommitOutcome.Failed, "a test said so.");
                Note(commit);
                journal?.Committed(commit, isWritten: false, commit.Outcome);
            }
            batch.Complete();
            return;
        }
        var proxy = new CommitBatch();
        proxy.Shards.AddRange(batch.Shards);
        inner.Submit(proxy);
        SpinWait.SpinUntil(() => proxy.IsDone);
        foreach (var commit in batch.Shards)
        {
            Note(commit);
            var isWritten = commit.Outcome == CommitOutcome.Committed;
            commit.Outcome = fault == CommitFault.UnknownWritten ? CommitOutcome.Unknown : commit.Outcome;
            journal?.Committed(commit, isWritten, commit.Outcome);
        }
        batch.Complete();
    }

    private void Note(ShardCommit commit) => Seen.Add(new SeenCommit(
        commit.Shard, commit.Epoch, commit.CommitSeq, commit.NextOffset, commit.DropSegmentsBelow, commit.Segment.WrittenSpan.ToArray(), commit.Outcome));

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            throw new IOException("The store is down, a test said so.");
        }
    }
}
