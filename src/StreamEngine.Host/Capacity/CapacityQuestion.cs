namespace StreamEngine.Host.Capacity;

/// <summary>A shop, and the machines it is to run on.</summary>
public sealed record CapacityQuestion
{
    public required double ClicksPerSecond { get; init; }

    /// <summary>Of the visitors, 0 to 1.</summary>
    public double CartShare { get; init; } = 0.1;

    /// <summary>Sessions in memory at a time.</summary>
    public required double LiveSessions { get; init; }

    /// <summary>0: as many as are needed.</summary>
    public int Partitions { get; init; }

    public int CoresPerNode { get; init; } = 8;
    public double BytesPerNode { get; init; } = 32e9;

    /// <summary>Share of a core, a database and a node's memory that is used on a good day. The rest is for bursts, catching up, and the shards of a lost node.</summary>
    public double Utilisation { get; init; } = 0.5;
}
