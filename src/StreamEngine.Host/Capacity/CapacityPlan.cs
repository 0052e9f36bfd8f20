namespace StreamEngine.Host.Capacity;

/// <summary>What a shop needs, by arithmetic alone. Rates are a second, sizes bytes, times seconds.</summary>
public sealed class CapacityPlan(CapacityQuestion shop, MeasuredFigures figures)
{
    /// <summary>A shard that is read back in so long is away for no longer than a page takes to load.</summary>
    private const double TakeOverSecondsMax = 0.5;

    private readonly LoadPoint _click = LoadPoint.Between(figures.FewCarts, figures.AllCarts, shop.CartShare);

    /// <summary>What a click of this shop costs.</summary>
    public LoadPoint Click => _click;

    /// <summary>At the wanted utilisation.</summary>
    public double Cores => shop.ClicksPerSecond * _click.CpuMicros / 1e6 / shop.Utilisation;

    public double SessionBytes => shop.LiveSessions * BytesPerSession;

    public int NodesForCpu => AtLeastOne(Cores / shop.CoresPerNode);

    public int NodesForMemory => AtLeastOne(SessionBytes / RoomPerNode);

    /// <summary>With one to spare: the loss of any one leaves enough.</summary>
    public int Nodes => Math.Max(NodesForCpu, NodesForMemory) + 1;

    public double BytesPerNode => SessionBytes / Nodes + FixedBytes;

    /// <summary>Who only browses, of all visitors, on a node whose neighbour was lost: what Engine:BrowsersMax must allow.</summary>
    public double BrowsersPerNode => (shop.LiveSessions - Carts) / Math.Max(1, Nodes - 1);

    /// <summary>One worker a core: a worker without a partition is idle.</summary>
    public int PartitionsForWorkers => Nodes * shop.CoresPerNode;

    public int PartitionsForRate => AtLeastOne(shop.ClicksPerSecond / (_click.WorkerClicks * shop.Utilisation));

    public int PartitionsForTakeOver => AtLeastOne(Carts / (figures.TakeOverSessions * TakeOverSecondsMax));

    public int Partitions => shop.Partitions > 0 ? shop.Partitions : Math.Max(PartitionsForWorkers, Math.Max(PartitionsForRate, PartitionsForTakeOver));

    public double ClicksPerPartition => shop.ClicksPerSecond / Partitions;

    /// <summary>Sessions that have a cart: those that are in the shard log.</summary>
    public double Carts => shop.LiveSessions * shop.CartShare;

    public double LogBytes => shop.ClicksPerSecond * _click.LogBytes;

    public double DiskBytes => shop.ClicksPerSecond * _click.DiskBytes;

    /// <summary>Encoded sessions that are appended.</summary>
    public double SessionsWritten => LogBytes / figures.EncodedBytes;

    public int DatabasesForSessions => AtLeastOne(SessionsWritten / (figures.DatabaseSessions * shop.Utilisation));

    public int DatabasesForBytes => AtLeastOne(DiskBytes / (figures.DatabaseBytes * shop.Utilisation));

    public int Databases => Math.Max(DatabasesForSessions, DatabasesForBytes);

    /// <summary>One shard, read by one core, e.g. when a node leaves in order.</summary>
    public double TakeOverOfShard => Carts / Partitions / figures.TakeOverSessions;

    /// <summary>What the loss of one node without warning costs.</summary>
    public NodeLoss Loss
    {
        get
        {
            var survivors = Math.Max(1, Nodes - 1);
            var load = Carts / Nodes / (figures.TakeOverSessions * survivors * shop.CoresPerNode);
            var waited = shop.ClicksPerSecond / Nodes * (figures.DetectionSeconds + load);
            var spare = survivors * NodeClicks - shop.ClicksPerSecond;
            return new NodeLoss(
                1.0 / Nodes, figures.DetectionSeconds, load, spare > 0 ? waited / spare : double.PositiveInfinity, (shop.LiveSessions - Carts) / Nodes);
        }
    }

    /// <summary>What one of each carries of this shop, full to the brim, the narrowest first.</summary>
    public IReadOnlyList<Wall> Walls =>
    [
        .. new Wall[]
        {
            new(WallKind.Worker, _click.WorkerClicks),
            new(WallKind.NodeCpu, NodeClicks),
            new(WallKind.NodeMemory, RoomPerNode / BytesPerSession * shop.ClicksPerSecond / shop.LiveSessions),
            new(WallKind.DatabaseSessions, figures.DatabaseSessions * figures.EncodedBytes / _click.LogBytes),
            new(WallKind.DatabaseBytes, figures.DatabaseBytes / _click.DiskBytes),
            new(WallKind.Partitions, Partitions * _click.WorkerClicks),
        }.OrderBy(static wall => wall.ClicksPerSecond),
    ];

    /// <summary>What is in the way first that another node does not move.</summary>
    public Wall FirstWall => Walls.First(static wall => wall.Kind is WallKind.DatabaseSessions or WallKind.DatabaseBytes or WallKind.Partitions);

    private double NodeClicks => shop.CoresPerNode * 1e6 / _click.CpuMicros;

    private double BytesPerSession => (1 - shop.CartShare) * figures.BrowserBytes + shop.CartShare * figures.CartBytes;

    private double FixedBytes => figures.NodeBytes + shop.CoresPerNode * figures.WorkerBytes;

    private double RoomPerNode => Math.Max(1, shop.BytesPerNode * shop.Utilisation - FixedBytes);

    /// <summary>Rounded before the ceiling: 20 and a hair is 20.</summary>
    private static int AtLeastOne(double count) => (int)Math.Clamp(Math.Ceiling(Math.Round(count, 6)), 1, int.MaxValue / 4);
}
