using StreamEngine.Engine.Workers;
using StreamEngine.Simulation.Databases;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Nodes;

/// <summary>One life of a node, from start to crash or stop. Once it is over nothing that it still does has an effect: each contact with the world throws.</summary>
public sealed class NodeProcess
{
    private int _crashIn;

    public NodeProcess(Cluster cluster, Node node, int number)
    {
        (Node, Number) = (node, number);
        Store = new NodeStore(cluster, this);
        Kept = new KeptShards(node.Clock);
        var trouble = new StoreTrouble(node.Clock, new TraceLogger(cluster.World, node.Name), cluster.Options.Engine.TroubleCalm);
        for (var i = 0; i < cluster.Options.WorkersPerNode; i++)
        {
            Workers.Add(new NodeWorker(cluster, this, i, trouble));
        }
    }

    public Node Node { get; }

    public int Number { get; }

    public NodeStore Store { get; }

    public KeptShards Kept { get; }

    public List<NodeWorker> Workers { get; } = [];

    public bool IsOver { get; set; }

    /// <summary>So many contacts from now the process ends.</summary>
    public void CrashAfter(int contacts) => _crashIn = _crashIn == 0 ? contacts : Math.Min(_crashIn, contacts);

    public void CallOffCrash() => _crashIn = 0;

    /// <summary>Called at every contact with the world outside.</summary>
    public void Contact()
    {
        if (_crashIn > 0 && --_crashIn == 0)
        {
            IsOver = true;
        }
        if (IsOver)
        {
            throw new SimulatedCrashException("The process is gone.");
        }
    }
}
