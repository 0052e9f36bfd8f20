using System.Text;
using StreamEngine.Simulation.Checks;
using StreamEngine.Simulation.Databases;
using StreamEngine.Simulation.Kafka;
using StreamEngine.Simulation.Nodes;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation;

/// <summary>The nodes with their broker, group and database, and what can befall them.</summary>
public sealed class Cluster
{
    public const int Shards = 8;

    /// <summary>Where so many offsets are left out before a record, a transaction's mark follows it.</summary>
    private const int MarkedSkip = 3;

    /// <summary>Turns between two looks at a worker's memory.</summary>
    private const int SampleEvery = 16;

    private readonly HashSet<string> _visitors = new(StringComparer.Ordinal);
    private int _samples;

    public Cluster(World world, ClusterOptions options)
    {
        (World, Options) = (world, options);
        Group = new ConsumerGroup(world, options);
        Database = new SimulatedDatabase(world, History);
        for (var i = 0; i < options.Nodes; i++)
        {
            var node = new Node(world, $"node-{(char)('a' + i)}");
            node.Clock.ErrorMs = options.SkewMsMax == 0 ? 0 : world.Random.NextInt64(-options.SkewMsMax, options.SkewMsMax + 1);
            Nodes.Add(node);
            Start(node);
        }
    }

    public World World { get; }

    public ClusterOptions Options { get; }

    public History History { get; } = new();

    public SimulatedBroker Broker { get; } = new();

    public ConsumerGroup Group { get; }

    public SimulatedDatabase Database { get; }

    public List<Node> Nodes { get; } = [];

    /// <summary>The latest time that any node's clock has shown.</summary>
    public long LatestShownMs { get; private set; }

    /// <summary>Grows with everything that a worker does to the world or hears of it: a worker whose turn moves it has more to do.</summary>
    public long Contacts { get; set; }

    public IEnumerable<NodeWorker> Workers => Nodes.Where(node => node.Process is not null).SelectMany(node => node.Process!.Workers);

    public void Append(int shard, byte[] key, byte[] value, int skip)
    {
        _visitors.Add(Encoding.UTF8.GetString(key));
        var offset = Broker.Clicks.Append(shard, key, value, World.NowMs, isLogAppendTime: true, skip);
        if (skip == MarkedSkip)
        {
            Broker.Clicks.Mark(shard, 1);
        }
        World.Trace.Add(World.NowMs, "broker", $"shard {shard} offset {offset}: {Encoding.UTF8.GetString(key)} {Encoding.UTF8.GetString(value)}", Weight.Work);
        foreach (var worker in Workers)
        {
            if (worker.Source.Reads(shard))
            {
                worker.Wake();
            }
        }
    }

    public void Start(Node node)
    {
        // What a process finds when it begins is the time for it: there is nothing to hold the clock against.
        if (node.Process is not null || node.Down > 0 || (node.ClockOff > 0 && Options.Clocks != Clocks.Wild))
        {
            return;
        }
        World.Trace.Add(World.NowMs, node.Name, "starts", Weight.News);
        node.Process = new NodeProcess(this, node, ++node.Lives);
        foreach (var worker in node.Process.Workers)
        {
            worker.Start();
        }
    }

    /// <summary>In order: commits, publishes, leaves the group.</summary>
    public void Stop(Node node)
    {
        if (node.Process is not { } process || node.Frozen > 0)
        {
            return;
        }
        World.Trace.Add(World.NowMs, node.Name, "is asked to stop", Weight.News);
        foreach (var worker in process.Workers)
        {
            worker.Stop();
            if (process.IsOver)
            {
                Bury(process);
                return;
            }
            Group.Remove(worker.Member, "it left");
        }
        End(process);
    }

    /// <summary>The process has crashed: the group hears of it when the session times out.</summary>
    public void Bury(NodeProcess process)
    {
        if (process.Node.Process != process)
        {
            return;
        }
        World.Trace.Add(World.NowMs, process.Node.Name, "crashed", Weight.News);
        foreach (var worker in process.Workers)
        {
            Group.FallsSilent(worker.Member, static () => false);
        }
        End(process);
        var node = process.Node;
        World.After(World.Random.Next(500, 5_000), () => Start(node));
    }

    /// <summary>Nothing is wrong from now on: what had an end of its own has ended, what waits for an occasion is called off.</summary>
    public void EndFaults()
    {
        Database.Fates.Clear();
        Database.BreaksNextReading = false;
        Broker.RefusesNext = 0;
        foreach (var node in Nodes)
        {
            node.Process?.CallOffCrash();
        }
        World.Trace.Add(World.NowMs, "fault", "all faults are over", Weight.News);
    }

    /// <summary>Every worker has a turn now.</summary>
    public void WakeAll()
    {
        foreach (var worker in Workers)
        {
            worker.Wake(0);
        }
    }

    public void Note(string check, int shard, string process, string what)
    {
        World.Trace.Add(World.NowMs, process, what, Weight.News);
        History.Add(new Seen(World.NowMs, shard, process, check, what));
    }

    /// <summary>Looks at one worker's memory after its turn.</summary>
    public void Sample(NodeWorker worker)
    {
        LatestShownMs = Math.Max(LatestShownMs, worker.Node.Clock.WallMs);
        if (++_samples % SampleEvery == 0)
        {
            BoundsCheck.Look(this, worker, _visitors.Count);
        }
    }

    private static void End(NodeProcess process)
    {
        process.IsOver = true;
        foreach (var worker in process.Workers)
        {
            worker.Outlet.End();
            worker.Engine.Dispose();
        }
        process.Node.Process = null;
    }
}
