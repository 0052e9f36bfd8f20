using StreamEngine.Host.Capacity;
using Xunit;

namespace StreamEngine.Host.Tests.Capacity;

public sealed class CapacityPlanTests
{
    /// <summary>Round figures: a worker does 100,000 clicks/s, a click costs 10 us, 100 B of log and 1,000 B of disk; carts change nothing.</summary>
    private static readonly MeasuredFigures s_figures = new()
    {
        FewCarts = new LoadPoint(0, 100_000, 10, 100, 1_000),
        AllCarts = new LoadPoint(1, 100_000, 10, 100, 1_000),
        BrowserBytes = 400,
        CartBytes = 400,
        EncodedBytes = 200,
        NodeBytes = 1e9,
        WorkerBytes = 125e6,
        TakeOverSessions = 200_000,
        DatabaseSessions = 250_000,
        DatabaseBytes = 400e6,
        DetectionSeconds = 45,
    };

    private static readonly CapacityQuestion s_shop = new()
    {
        ClicksPerSecond = 1_000_000,
        CartShare = 0.1,
        LiveSessions = 50_000_000,
        CoresPerNode = 8,
        BytesPerNode = 32e9,
        Utilisation = 0.5,
    };

    private static CapacityPlan Plan(CapacityQuestion shop) => new(shop, s_figures);

    [Fact]
    public void Cores_are_the_clicks_by_their_cpu_at_the_wanted_load()
    {
        Assert.Equal(20, Plan(s_shop).Cores, precision: 6);
        Assert.Equal(10, Plan(s_shop with { Utilisation = 1 }).Cores, precision: 6);
    }

    [Fact]
    public void Nodes_are_what_the_larger_of_cores_and_memory_needs_and_one_to_spare()
    {
        var plan = Plan(s_shop);
        // 20 cores; 20 GB of sessions where a node, half full, has 16 GB less 2 GB of its own.
        Assert.Equal((3, 2, 4), (plan.NodesForCpu, plan.NodesForMemory, plan.Nodes));
        Assert.Equal(20e9 / 4 + 2e9, plan.BytesPerNode, precision: 0);
        Assert.Equal(21, Plan(s_shop with { LiveSessions = 690_000_000 }).Nodes);
    }

    [Fact]
    public void Partitions_keep_every_worker_busy_and_every_take_over_short()
    {
        var plan = Plan(s_shop);
        Assert.Equal((32, 20, 50), (plan.PartitionsForWorkers, plan.PartitionsForRate, plan.PartitionsForTakeOver));
        Assert.Equal(50, plan.Partitions);
        Assert.Equal(0.5, plan.TakeOverOfShard, precision: 6);
    }

    [Fact]
    public void A_number_of_partitions_that_is_given_stands()
    {
        var plan = Plan(s_shop with { Partitions = 25 });
        Assert.Equal((25, 40_000.0), (plan.Partitions, plan.ClicksPerPartition));
        Assert.Equal(1, plan.TakeOverOfShard, precision: 6);
    }

    [Fact]
    public void Databases_are_what_sessions_and_bytes_need()
    {
        var plan = Plan(s_shop);
        Assert.Equal((100e6, 1e9, 500_000.0), (plan.LogBytes, plan.DiskBytes, plan.SessionsWritten));
        Assert.Equal((4, 5, 5), (plan.DatabasesForSessions, plan.DatabasesForBytes, plan.Databases));
    }

    [Fact]
    public void A_lost_node_costs_the_wait_for_its_absence_and_the_backlog_of_it()
    {
        var loss = Plan(s_shop).Loss;
        Assert.Equal((0.25, 45.0), (loss.VisitorShare, loss.Detection));
        // 1.25 million carts on 24 cores; then 250,000 clicks/s of 45.26 s, while three nodes of 800,000 have 1.4 million to spare.
        Assert.Equal(1_250_000 / (200_000.0 * 24), loss.TakeOver, precision: 6);
        Assert.Equal(250_000 * (45 + loss.TakeOver) / 1_400_000, loss.CatchUp, precision: 6);
        Assert.Equal(45_000_000 / 4, loss.BrowsersForgotten, precision: 0);
    }

    [Fact]
    public void Where_the_others_have_nothing_to_spare_nothing_is_ever_caught_up()
    {
        var plan = Plan(s_shop with { ClicksPerSecond = 800_000, Utilisation = 1, LiveSessions = 1_000 });
        Assert.Equal(2, plan.Nodes);
        Assert.Equal(double.PositiveInfinity, plan.Loss.CatchUp);
    }

    [Fact]
    public void Walls_come_in_the_order_in_which_a_growing_shop_reaches_them()
    {
        var plan = Plan(s_shop);
        Assert.Equal(
            [
                (WallKind.Worker, 100_000.0), (WallKind.DatabaseBytes, 400_000), (WallKind.DatabaseSessions, 500_000), (WallKind.NodeMemory, 700_000), (WallKind.NodeCpu, 800_000),
                (WallKind.Partitions, 5_000_000),
            ],
            plan.Walls.Select(static wall => (wall.Kind, Math.Round(wall.ClicksPerSecond))));
        Assert.Equal(WallKind.DatabaseBytes, plan.FirstWall.Kind);
    }

    [Fact]
    public void Few_partitions_are_a_wall_that_no_node_moves()
    {
        Assert.Equal(WallKind.Partitions, Plan(s_shop with { Partitions = 3 }).FirstWall.Kind);
    }

    [Fact]
    public void A_click_costs_what_lies_on_the_line_between_the_measured_shops()
    {
        var few = new LoadPoint(0.1, 100_000, 10, 100, 1_000);
        var many = new LoadPoint(0.9, 50_000, 18, 180, 1_800);
        var half = LoadPoint.Between(few, many, 0.5);
        Assert.Equal((14.0, 140.0, 1_400.0), (half.CpuMicros, half.LogBytes, half.DiskBytes));
        // 10 us and 20 us of a worker's time.
        Assert.Equal(1e6 / 15, half.WorkerClicks, precision: 3);
        Assert.Equal(10, LoadPoint.Between(few, many, 0).CpuMicros);
        Assert.Equal(18, LoadPoint.Between(few, many, 1).CpuMicros);
    }
}
