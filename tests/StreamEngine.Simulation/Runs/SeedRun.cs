using StreamEngine.Simulation.Checks;
using StreamEngine.Simulation.Faults;
using StreamEngine.Simulation.Shops;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Runs;

/// <summary>One seed, played and judged.</summary>
/// <param name="Hash">Of the trace: the same seed gives the same.</param>
public sealed record SeedResult(int Seed, IReadOnlyList<Complaint> Complaints, string Hash, SeedFigures Figures, IReadOnlyList<TraceLine> Lines);

/// <summary>What happened in a run, in numbers.</summary>
public sealed record SeedFigures(double Hours, int Nodes, int Visitors, int Clicks, int Faults, int Rebalances, int TakeOvers, int Commits, int Decisions, int Published, int Restarts);

public static class SeedRun
{
    /// <param name="keepsLines">For a story to be told.</param>
    public static SeedResult Play(int seed, bool keepsLines = false) => Play(Plan.Draw(seed), keepsLines);

    public static SeedResult Play(Plan plan, bool keepsLines = false)
    {
        using var trace = new Trace(keepsLines);
        var world = new World(plan.Seed ^ 0x0707, trace);
        trace.Add(world.NowMs, "seed", $"{plan.Seed}: {plan.Cluster}", Weight.News);
        var cluster = new Cluster(world, plan.Cluster);
        new ClickSender(cluster, plan.Story).Plan();
        new FaultInjector(cluster).Plan(plan.Faults);
        try
        {
            world.Run(plan.FaultsEndMs);
            cluster.EndFaults();
            world.Run(plan.EndMs);
            cluster.WakeAll();
            world.Run(plan.EndMs + Plan.RunOnMs);
        }
        catch (WorldStuckException e)
        {
            cluster.Note("liveness", -1, "world", e.Message);
        }
        var evidence = new Evidence(plan, cluster);
        var complaints = AllChecks.Complaints(evidence);
        var entries = cluster.History.Entries;
        var figures = new SeedFigures(
            (plan.EndMs - World.StartMs) / (double)Plan.Hour, plan.Cluster.Nodes, plan.Story.Visitors + plan.Story.Browsers, plan.Story.Clicks.Count, plan.Faults.Count, cluster.Group.Rebalances,
            entries.Count(entry => entry is TakenOver), entries.Count(entry => entry is Written), entries.OfType<Written>().Sum(commit => commit.Actions.Count),
            entries.Count(entry => entry is Arrived { IsAction: true }), cluster.Nodes.Sum(node => node.Lives) - plan.Cluster.Nodes);
        return new SeedResult(plan.Seed, complaints, trace.Hash(), figures, trace.Lines);
    }
}
