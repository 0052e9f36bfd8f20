namespace StreamEngine.Host.Capacity;

public enum WallKind
{
    Worker,
    NodeCpu,
    NodeMemory,
    DatabaseSessions,
    DatabaseBytes,
    Partitions,
}

/// <summary>A bound, and the clicks a second at which a shop reaches it.</summary>
public sealed record Wall(WallKind Kind, double ClicksPerSecond)
{
    public string Name => Kind switch
    {
        WallKind.Worker => "one partition, which one worker reads",
        WallKind.NodeCpu => "one node's cores",
        WallKind.NodeMemory => "one node's memory",
        WallKind.DatabaseSessions => "one database: sessions appended",
        WallKind.DatabaseBytes => "one database: bytes to its disk",
        WallKind.Partitions => "all partitions together",
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, null),
    };

    /// <summary>What is to be done about it.</summary>
    public string Remedy => Kind switch
    {
        WallKind.Worker => "more partitions; a single visitor is held back at 20 clicks a second",
        WallKind.NodeCpu => "more nodes; shards move by themselves",
        WallKind.NodeMemory => "more nodes or more memory; Engine:BrowsersMax bounds who only browses",
        WallKind.DatabaseSessions or WallKind.DatabaseBytes => "more databases: a shard has one home, so shards spread over them",
        WallKind.Partitions => "provision more at the start: their number is fixed for the life of the store",
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, null),
    };
}
