using StreamEngine.Simulation.Nodes;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Kafka;

/// <summary>The broker: the clicks it holds, and whether it is there.</summary>
public sealed class SimulatedBroker
{
    public ClickTopic Clicks { get; } = new(Cluster.Shards);

    /// <summary>Ids in the order of their arrival, a list a partition.</summary>
    private readonly List<string>[] _actions = [.. Enumerable.Range(0, Cluster.Shards).Select(_ => new List<string>())];

    public int Down { get; set; }

    /// <summary>So many of the next messages are refused.</summary>
    public int RefusesNext { get; set; }

    public void AddAction(int shard, string id) => _actions[shard].Add(id);

    public IReadOnlySet<string> TailOf(int shard, int countMax) => _actions[shard].TakeLast(countMax).ToHashSet(StringComparer.Ordinal);

    public bool Reaches(Node node) => Down == 0 && node.CutFromBroker == 0;
}
