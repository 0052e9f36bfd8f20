using StreamEngine.Simulation.Nodes;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Kafka;

/// <summary>The broker: the clicks it holds, and whether it is there.</summary>
public sealed class SimulatedBroker
{
    public ClickTopic Clicks { get; } = new(Cluster.Shards);

    public int Down { get; set; }

    /// <summary>So many of the next messages are refused.</summary>
    public int RefusesNext { get; set; }

    public bool Reaches(Node node) => Down == 0 && node.CutFromBroker == 0;
}
