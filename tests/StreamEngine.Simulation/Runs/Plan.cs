using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine;
using StreamEngine.Simulation.Faults;
using StreamEngine.Simulation.Shops;
using StreamEngine.Simulation.Worlds;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Runs;

/// <summary>All that a seed stands for, drawn before anything happens.</summary>
/// <param name="FaultsEndMs">From then on nothing goes wrong any more.</param>
public sealed record Plan(int Seed, ClusterOptions Cluster, ShopStory Story, IReadOnlyList<Fault> Faults, long FaultsEndMs)
{
    public const long Hour = 3_600_000;

    /// <summary>What is due when the faults end must have happened so much later: a rebalance, the longest pause before another try, and the way through store and broker.</summary>
    public const long LivenessMs = 180_000;

    /// <summary>
    /// Where clocks are skewed by up to 4 s, a visitor's clicks lie on whole minutes of his own and everything that becomes due does not: 20 s behind a minute, 45 s (a dwell), or 30 s (the end
    /// of a window). A click and what is due are decided in the same order while they are 8 s apart, or 4 s where the click comes first.
    /// </summary>
    private const long SkewedGapMs = 60_000;
    private const long SkewedOffsetMs = 20_000;

    /// <summary>What is decided by then is committed and published so much later. What becomes due meanwhile is not judged.</summary>
    public const long RunOnMs = 10_000;

    public long EndMs => FaultsEndMs + LivenessMs;

    public static Plan Draw(int seed)
    {
        var random = new Random(seed);
        var endMs = World.StartMs + random.Next(96, 121) * Hour;
        var cluster = DrawCluster(random);
        var shop = new ShopOptions(
            Visitors: random.Next(200, 261),
            Browsers: random.Next(0, 41),
            Hot: random.Next(3),
            PoisonShare: Of(random, 0, 0.01, 0.1),
            DuplicateShare: Of(random, 0, 0.05, 0.2),
            LateShare: Of(random, 0, 0.2),
            SkipShare: Of(random, 0, 0.05),
            EndMs: endMs,
            GapUnitMs: cluster.Clocks == Clocks.Skewed ? SkewedGapMs : cluster.Engine.ExpireOverdue ? 1_000 : Of(random, 1L, 1_000L));
        var story = new ShopWriter(new Random(seed ^ 0x5eed), shop).Write();
        var faults = new FaultWriter(new Random(seed ^ 0xfa17), cluster.Nodes, cluster.Clocks).Write(World.StartMs, endMs, random.Next(20, 61), Enum.GetValues<FaultKind>());
        return new Plan(seed, cluster, story, faults, endMs);
    }

    private static ClusterOptions DrawCluster(Random random)
    {
        var clocks = Of(random, Clocks.Right, Clocks.Right, Clocks.Right, Clocks.Right, Clocks.Skewed, Clocks.Skewed, Clocks.Wild);
        return DrawCluster(random, clocks, clocks == Clocks.Skewed ? SkewedOffsetMs : 0);
    }

    private static ClusterOptions DrawCluster(Random random, Clocks clocks, long offsetMs) => new()
    {
        Clocks = clocks,
        Nodes = random.Next(3, 6),
        WorkersPerNode = random.Next(1, 3),
        Engine = DrawEngine(random, clocks),
        Sessions = new SessionOptions
        {
            IdleAfterMs = 30 * 60_000 + offsetMs,
            ExitAfterMs = 5 * 60_000 + offsetMs,
            RecoveredWithinMs = Of(random, 168, 168, 24, 2) * Hour,
            RememberForMs = Of(random, 168, 1) * Hour + offsetMs,
        },
        Tactics = DrawTactics(random, offsetMs),
        SessionTimeoutMs = Of(random, 6_000, 10_000, 45_000),
        IsRebalancedEagerly = random.Next(2) == 0,
        IsRebalancedRestlessly = random.Next(2) == 0,
        ProducerQueueMax = Of(random, 10_000, 10_000, 3),
        SendTimeoutMs = Of(random, 30_000L, 300_000L, long.MaxValue),
        IdleTurnMs = Of(random, 10_000, 20_000, 30_000),
    };

    private static EngineOptions DrawEngine(Random random, Clocks clocks) => new()
    {
        LingerMsMin = Of(random, 0, 5, 20),
        LingerMsMax = Of(random, 20, 50),
        SettleMs = Of(random, 0, 5, 50),
        ClicksPerLoop = Of(random, 2048, 2048, 64, 7),
        DeadlinesPerLoop = Of(random, 1024, 1024, 3),
        DeadlinesUncommittedMax = Of(random, 16, 16, 2),
        OutboxItemsMax = Of(random, 20_000, 20_000, 5),
        DeadLettersMax = Of(random, 1_000, 2),
        BrowsersMax = Of(random, 500_000, 16),
        CommitClicksMax = Of(random, 200_000, 200_000, 30),
        ExpireOverdue = random.Next(2) == 0 && clocks != Clocks.Skewed,
    };

    private static TacticsDefinition DrawTactics(Random random, long offsetMs)
    {
        List<Tactic> chosen = [.. StoryTactics.All.Append(StoryTactics.EmailNextDay).Where(_ => random.Next(4) > 0)];
        var names = chosen.ConvertAll(tactic => tactic.Name);
        return TacticExamples.Set([.. chosen.Select(tactic => tactic with
        {
            Limits = tactic.Limits with { WindowMs = tactic.Limits.WindowMs == 0 ? 0 : tactic.Limits.WindowMs + offsetMs * 3 / 2 },
            Instead = [.. tactic.Instead.Where(name => names.Contains(name, StringComparer.Ordinal))],
        })]) with
        {
            HoldOutPercent = random.Next(3) * 15,
        };
    }

    private static T Of<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
