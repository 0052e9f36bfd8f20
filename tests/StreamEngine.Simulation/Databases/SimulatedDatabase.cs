using StreamEngine.Engine.Stores;
using StreamEngine.Simulation.Nodes;
using StreamEngine.Simulation.Worlds;
using StreamEngine.Storage.Memory;

namespace StreamEngine.Simulation.Databases;

/// <summary>What becomes of a commit on its way.</summary>
public enum Fate
{
    Written,
    Failed,

    /// <summary>Written, and the answer is lost.</summary>
    WrittenUnknown,

    /// <summary>Not written, and the answer is lost.</summary>
    LostUnknown,

    /// <summary>The answer is lost before the server has decided: it decides later, at the latest when somebody asks for the shard's row.</summary>
    InDoubt,
}

/// <summary>
/// The database that all nodes share: the store in memory with its fences, and what goes wrong around it. Nothing here knows what the engine should do: a commit is written when
/// its fate says so and the fences let it.
/// </summary>
public sealed class SimulatedDatabase
{
    private readonly World _world;
    private readonly History _history;
    private readonly List<Doubt> _doubts = [];

    public SimulatedDatabase(World world, History history)
    {
        (_world, _history) = (world, history);
        Memory.Provision("clicks", Cluster.Shards);
    }

    public MemoryShardStore Memory { get; } = new();

    public int Down { get; set; }

    /// <summary>Each commit takes up to so much longer.</summary>
    public int SlowMs { get; set; }

    /// <summary>Of the next commits that reach the server, in order.</summary>
    public Queue<Fate> Fates { get; } = new();

    /// <summary>The next reading of a shard's segments breaks off.</summary>
    public bool BreaksNextReading { get; set; }

    public bool Reaches(Node node) => Down == 0 && node.CutFromStore == 0;

    public ShardLease TakeOver(int shard, string owner, string process)
    {
        Decide(shard);
        var lease = Memory.TakeOver(shard, owner);
        _history.Add(new TakenOver(_world.NowMs, shard, process, lease.Epoch, lease.CommitSeq, lease.NextOffset));
        _world.Trace.Add(
            _world.NowMs, process, $"takes shard {shard} over: epoch {lease.Epoch}, commit {lease.CommitSeq}, offset {lease.NextOffset}, published {lease.PublishedSeq} of {lease.ActionSeq}", Weight.News);
        return lease;
    }

    public long ResolveCommitSeq(int shard, long epoch)
    {
        Decide(shard);
        return Memory.ResolveCommitSeq(shard, epoch);
    }

    /// <summary>One transaction of one process.</summary>
    public void Write(IReadOnlyList<ShardCommit> commits, Submission submission)
    {
        var batch = new CommitBatch();
        batch.Shards.AddRange(commits);
        Memory.Submit(batch);
        foreach (var commit in commits)
        {
            _world.Trace.Add(
                _world.NowMs, submission.Life,
                $"commit {commit.CommitSeq} of shard {commit.Shard} in epoch {commit.Epoch}: {commit.Outcome}, offset {commit.NextOffset}, {commit.Segment.WrittenCount} B, {commit.Actions.Count} decisions",
                commit.Outcome != CommitOutcome.Committed ? Weight.News : commit.Actions.Count > 0 ? Weight.Work : Weight.Detail);
            if (commit.Outcome != CommitOutcome.Committed)
            {
                continue;
            }
            foreach (var row in commit.Actions)
            {
                _world.Trace.Add(_world.NowMs, submission.Life, $"  {row.Tactic} for {row.Visitor}, due {row.DueMs - World.StartMs}: {row.Held ?? "sent as " + row.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture)} {row.Id}", Weight.Work);
            }
            _history.Add(new Written(
                _world.NowMs, commit.Shard, submission.Life, submission.AtMs, submission.WallMs, submission.LatestShownMs, commit.Epoch, commit.CommitSeq, commit.NextOffset, commit.ShardTimeMs, commit.ActionSeq, commit.PublishedSeq,
                [.. commit.Actions.Select(row => row.Kept())], [.. commit.DeadLetters.Select(row => row.Offset)]));
        }
    }

    /// <summary>The server decides about these some time later, or when somebody asks for one of their rows.</summary>
    public void Doubt(IReadOnlyList<ShardCommit> commits, Submission submission)
    {
        var doubt = new Doubt([.. commits.Select(Copy)], submission, IsWritten: _world.Random.Next(2) == 0);
        _doubts.Add(doubt);
        _world.After(_world.Random.Next(30_000), () => Decide(doubt));
    }

    private void Decide(int shard)
    {
        foreach (var doubt in _doubts.Where(doubt => doubt.Commits.Any(commit => commit.Shard == shard)).ToList())
        {
            Decide(doubt);
        }
    }

    private void Decide(Doubt doubt)
    {
        if (_doubts.Remove(doubt) && doubt.IsWritten)
        {
            Write(doubt.Commits, doubt.Submission);
        }
    }

    /// <summary>The worker uses its buffers again.</summary>
    private static ShardCommit Copy(ShardCommit commit)
    {
        var copy = new ShardCommit
        {
            Shard = commit.Shard,
            Epoch = commit.Epoch,
            Owner = commit.Owner,
            CommitSeq = commit.CommitSeq,
            NextOffset = commit.NextOffset,
            LastRecordMs = commit.LastRecordMs,
            ShardTimeMs = commit.ShardTimeMs,
            ActionSeq = commit.ActionSeq,
            PublishedSeq = commit.PublishedSeq,
            DropSegmentsBelow = commit.DropSegmentsBelow,
        };
        commit.Segment.WrittenSpan.CopyTo(copy.Segment.GetSpan(commit.Segment.WrittenCount + 1));
        copy.Segment.Advance(commit.Segment.WrittenCount);
        copy.Carts.AddRange(commit.Carts);
        copy.Actions.AddRange(commit.Actions.Select(row => row.Kept()));
        copy.Kpis.AddRange(commit.Kpis);
        copy.DeadLetters.AddRange(commit.DeadLetters);
        copy.Contacts.AddRange(commit.Contacts);
        return copy;
    }
}

/// <summary>A commit was handed over: by whom, and when by which clock.</summary>
public sealed record Submission(string Life, long AtMs, long WallMs, long LatestShownMs);

internal sealed record Doubt(IReadOnlyList<ShardCommit> Commits, Submission Submission, bool IsWritten);
