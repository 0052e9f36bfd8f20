using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.Simulation.Nodes;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Databases;

/// <summary>
/// A process's connection to the database. Commits of one process reach the server in order, each after a while, and their outcome comes back after another while; in between the
/// shard may change hands. While the server cannot be reached commits fail, or are lost without an answer where they were under way.
/// </summary>
public sealed class NodeStore(Cluster cluster, NodeProcess process) : IShardStore
{
    private const int LatencyMsMax = 15;
    private const long RefusedMs = 20;
    private const long FrozenLookMs = 1_000;

    private readonly HashSet<CommitBatch> _underWay = [];
    private long _lastWriteMs;

    public EngineFatalException? Loss => null;

    public int UnderWay => _underWay.Count;

    private World World => cluster.World;

    private SimulatedDatabase Database => cluster.Database;

    public void Provision(string topic, int shardCount) => Database.Memory.Provision(topic, shardCount);

    public ShardLease TakeOver(int shard, string owner)
    {
        Reach();
        var lease = Database.TakeOver(shard, owner, LifeOf(owner));
        process.Contact();
        return lease;
    }

    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard)
    {
        Reach();
        foreach (var segment in Database.Memory.ReadSegments(shard))
        {
            if (Database.BreaksNextReading)
            {
                Database.BreaksNextReading = false;
                throw new IOException("The connection broke while a shard was read.");
            }
            yield return segment;
        }
    }

    public IReadOnlyList<ActionRow> ReadOutbox(int shard, long afterSeq, int countMax)
    {
        Reach();
        return Database.Memory.ReadOutbox(shard, afterSeq, countMax);
    }

    public long ResolveCommitSeq(int shard, long epoch)
    {
        Reach();
        return Database.ResolveCommitSeq(shard, epoch);
    }

    public ShardRecord ReadShard(int shard)
    {
        Reach();
        return Database.Memory.ReadShard(shard);
    }

    public void Repair(ShardRepair repair)
    {
        Reach();
        Database.Memory.Repair(repair);
    }

    public void Submit(CommitBatch batch)
    {
        process.Contact();
        cluster.Contacts++;
        _underWay.Add(batch);
        var wallMs = process.Node.Clock.WallMs;
        var submission = new Submission(LifeOf(batch.Shards[0].Owner), World.NowMs, wallMs, Math.Max(wallMs, cluster.LatestShownMs));
        _lastWriteMs = Math.Max(_lastWriteMs, World.NowMs + TakesMs());
        var isSent = Database.Reaches(process.Node);
        World.At(_lastWriteMs, () => Reach(batch, isSent, submission));
        process.Contact();
    }

    /// <summary>What a worker reads while it goes on: the answer is there after a while, in which the shard may go to another node or come back.</summary>
    public void Beside(Task read, NodeWorker worker) => World.After(TakesMs(), () => Answer(read, worker));

    public void Dispose()
    {
        // The database stays.
    }

    /// <summary>What was sent reaches the server, whether the process lives or not.</summary>
    private void Reach(CommitBatch batch, bool isSent, Submission submission)
    {
        var answersMs = World.Random.Next(LatencyMsMax);
        if (!Database.Reaches(process.Node))
        {
            SetOutcome(batch, isSent ? CommitOutcome.Unknown : CommitOutcome.Failed, "The database cannot be reached.");
            Answer(batch, RefusedMs);
            return;
        }
        if (process.IsOver && World.Random.Next(2) == 0)
        {
            World.Trace.Add(World.NowMs, submission.Life, "its last commit never reached the database", Weight.News);
            return;
        }
        var fate = Database.Fates.TryDequeue(out var drawn) ? drawn : Fate.Written;
        if (fate != Fate.Written)
        {
            World.Trace.Add(World.NowMs, submission.Life, $"fate of its commit: {fate}", Weight.News);
        }
        switch (fate)
        {
            case Fate.Written or Fate.WrittenUnknown:
                Database.Write(batch.Shards, submission);
                break;
            case Fate.InDoubt:
                Database.Doubt(batch.Shards, submission);
                break;
        }
        if (fate == Fate.Failed)
        {
            SetOutcome(batch, CommitOutcome.Failed, "The database said no.");
        }
        else if (fate != Fate.Written)
        {
            SetOutcome(batch, CommitOutcome.Unknown, "The connection broke during the commit.");
        }
        Answer(batch, answersMs + (Database.SlowMs > 0 ? World.Random.Next(Database.SlowMs) : 0));
    }

    private void Answer(Task read, NodeWorker worker)
    {
        if (process.IsOver)
        {
            return;
        }
        if (process.Node.Frozen > 0)
        {
            World.After(FrozenLookMs, () => Answer(read, worker));
            return;
        }
        read.RunSynchronously(TaskScheduler.Default);
        if (process.IsOver)
        {
            World.TurnAt(World.NowMs, () => cluster.Bury(process));
        }
        worker.Wake();
    }

    private long TakesMs() => World.Random.Next(LatencyMsMax) + (Database.SlowMs > 0 ? World.Random.Next(Database.SlowMs) : 0);

    private void Answer(CommitBatch batch, long afterMs) => World.After(afterMs, () =>
    {
        _underWay.Remove(batch);
        if (process.IsOver)
        {
            return;
        }
        batch.Complete();
        foreach (var worker in process.Workers)
        {
            worker.Wake();
        }
    });

    private static void SetOutcome(CommitBatch batch, CommitOutcome outcome, string error)
    {
        foreach (var commit in batch.Shards)
        {
            (commit.Outcome, commit.Error) = (outcome, error);
        }
    }

    private void Reach()
    {
        process.Contact();
        cluster.Contacts++;
        if (!Database.Reaches(process.Node))
        {
            throw new IOException("The database cannot be reached.");
        }
    }

    private string LifeOf(string owner) => process.Workers.Find(worker => string.Equals(worker.Name, owner, StringComparison.Ordinal))?.Life ?? owner;
}
