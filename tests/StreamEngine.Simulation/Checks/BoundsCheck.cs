using StreamEngine.Carts.Sessions;
using StreamEngine.Simulation.Nodes;

namespace StreamEngine.Simulation.Checks;

/// <summary>What a worker holds stays within what is written down: commits under way, sessions, visitors who only browse. Looked at while the world runs.</summary>
public static class BoundsCheck
{
    public const string Name = "bounds";

    /// <summary>Of a worker.</summary>
    private const int CommitsMax = 2;

    private static readonly CartPhase[] s_phases = Enum.GetValues<CartPhase>();

    public static void Look(Cluster cluster, NodeWorker worker, int visitors)
    {
        if (worker.Process.Store.UnderWay > CommitsMax * cluster.Options.WorkersPerNode)
        {
            cluster.Note(Name, -1, worker.Life, $"has {worker.Process.Store.UnderWay} commits under way");
        }
        var (sessions, browsers, shards) = (0L, 0L, 0);
        foreach (var shard in worker.Engine.Stats.Shards)
        {
            sessions += s_phases.Sum(shard.Sessions);
            browsers += shard.Browsers;
            shards++;
        }
        if (sessions > visitors)
        {
            cluster.Note(Name, -1, worker.Life, $"has {sessions} sessions of {visitors} visitors in memory");
        }
        // Each shard may have one, and a bound that shrinks because shards come is reached with the next clicks.
        var browsersMax = cluster.Options.Engine.BrowsersMax + Cluster.Shards;
        if (browsers > browsersMax)
        {
            cluster.Note(Name, -1, worker.Life, $"has {browsers} browsing visitors of {shards} shards in memory; {browsersMax} may be");
        }
    }
}
