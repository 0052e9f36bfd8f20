using StreamEngine.Simulation.Nodes;

namespace StreamEngine.Simulation.Kafka;

/// <summary>A consumer as the group's coordinator knows it.</summary>
public sealed class Member(NodeWorker worker)
{
    public NodeWorker Worker => worker;

    public string Name => worker.Life;

    public bool IsIn { get; set; }

    /// <summary>The coordinator has put it out, and it does not know yet: it goes on reading and deciding until this time or until it reaches the broker.</summary>
    public long? OutToldMs { get; set; }

    /// <summary>What the coordinator has for it at its next poll.</summary>
    public Queue<Notice> Notices { get; } = new();
}

public sealed record Notice(bool IsRevoked, IReadOnlyList<int> Shards);
