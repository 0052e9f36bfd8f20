using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Workers;
using StreamEngine.Simulation.Kafka;
using StreamEngine.Simulation.Worlds;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Nodes;

/// <summary>
/// A production worker with its source and outlet. Its turns come when there is something for it, soon after one in which something happened, and at the latest after
/// <see cref="ClusterOptions.IdleTurnMs"/>.
/// </summary>
public sealed class NodeWorker
{
    private readonly Cluster _cluster;
    private long _nextTurnMs = long.MaxValue;
    private long _pauseMs = 1;

    public NodeWorker(Cluster cluster, NodeProcess process, int index, StoreTrouble trouble)
    {
        (_cluster, Process) = (cluster, process);
        Name = $"{process.Node.Name}/{index}";
        Life = $"{Name}#{process.Number}";
        Member = new Member(this);
        Source = new WorkerSource(cluster, this);
        Outlet = new WorkerOutlet(cluster, this);
        var options = cluster.Options;
        var rules = new ShardRules(options.Sessions, options.CompiledTactics, options.Engine with { Workers = options.WorkersPerNode }, "clicks", Cluster.Shards);
        Engine = new Worker(new WorkerParts(Source, Outlet, process.Store, rules, options.Clicks, Name, process.Node.Clock, new TraceLogger(cluster.World, Life))
        {
            Trouble = trouble,
            Kept = process.Kept,
            Tail = (shard, countMax) => cluster.Broker.Reaches(process.Node) ? cluster.Broker.TailOf(shard, countMax) : new HashSet<string>(StringComparer.Ordinal),
            StartRead = read => process.Store.Beside(read, this),
        });
    }

    public NodeProcess Process { get; }

    public Node Node => Process.Node;

    /// <summary>The owner's name in the store, the same in every life.</summary>
    public string Name { get; }

    public string Life { get; }

    public Member Member { get; }

    public WorkerSource Source { get; }

    public WorkerOutlet Outlet { get; }

    public Worker Engine { get; }

    public void Start()
    {
        Engine.Start();
        _cluster.Group.Join(Member);
        Wake();
    }

    /// <summary>There is something for it.</summary>
    public void Wake(long afterMs = 1)
    {
        _pauseMs = 1;
        PlanTurn(_cluster.World.NowMs + afterMs);
    }

    /// <summary>Commits, publishes and leaves.</summary>
    public void Stop()
    {
        Node.Clock.IsWaitedFor = true;
        Call(Engine.Drain);
    }

    private void PlanTurn(long atMs)
    {
        if (Process.IsOver || atMs >= _nextTurnMs)
        {
            return;
        }
        _nextTurnMs = atMs;
        _cluster.World.TurnAt(atMs, () =>
        {
            if (_nextTurnMs == atMs)
            {
                _nextTurnMs = long.MaxValue;
                Turn();
            }
        });
    }

    private void Turn()
    {
        if (Process.IsOver || Node.Frozen > 0)
        {
            return;
        }
        var before = _cluster.Contacts;
        Call(Engine.RunOnce);
        if (Process.IsOver)
        {
            _cluster.Bury(Process);
            return;
        }
        _cluster.Sample(this);
        var isBusy = _cluster.Contacts != before;
        _pauseMs = isBusy ? 1 : Math.Min(_pauseMs * 2, Engine.IsQuiet ? _cluster.Options.IdleTurnMs : 2_000);
        PlanTurn(_cluster.World.NowMs + _pauseMs);
    }

    private void Call(Action call)
    {
        try
        {
            call();
        }
        catch (SimulatedCrashException)
        {
            // The process says that it is over: not every crash comes through to here.
        }
        catch (WorldStuckException)
        {
            throw;
        }
        catch (Exception e)
        {
            _cluster.Note("engine", -1, Life, $"ended with {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n')[0].Trim()}");
            Process.IsOver = true;
        }
        finally
        {
            Node.Clock.IsWaitedFor = false;
        }
    }
}
