using StreamEngine.Carts;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine;

namespace StreamEngine.Simulation;

/// <summary>What the nodes' wall clocks do; the broker's is always right.</summary>
public enum Clocks
{
    /// <summary>They show true time. One may jump, and is set right while the engine still holds its deadlines for that.</summary>
    Right,

    /// <summary>Each is a little wrong, in its own way: decisions are made a little earlier or later, and must be the same.</summary>
    Skewed,

    /// <summary>They jump by hours and stay wrong for hours, also while processes begin: when a decision is made, and whether, is the clocks' doing.</summary>
    Wild,
}

/// <summary>How a cluster is set up: drawn from the seed.</summary>
public sealed record ClusterOptions
{
    public required int Nodes { get; init; }
    public required int WorkersPerNode { get; init; }
    public required EngineOptions Engine { get; init; }
    public required SessionOptions Sessions { get; init; }
    public required TacticsDefinition Tactics { get; init; }
    public ClickOptions Clicks { get; } = new();
    public required long SessionTimeoutMs { get; init; }

    /// <summary>All shards are revoked at every rebalance; else only those that move.</summary>
    public required bool IsRebalancedEagerly { get; init; }

    /// <summary>Every shard changes its owner at every rebalance; else only those that must.</summary>
    public required bool IsRebalancedRestlessly { get; init; }

    /// <summary>Messages that a producer holds; beyond, it is full.</summary>
    public required int ProducerQueueMax { get; init; }

    /// <summary>What the broker does not take for so long fails.</summary>
    public required long SendTimeoutMs { get; init; }

    /// <summary>A worker with nothing to do has its turns so far apart.</summary>
    public required long IdleTurnMs { get; init; }

    public required Clocks Clocks { get; init; }

    /// <summary>Every node's clock is wrong by up to so much, for ever.</summary>
    public long SkewMsMax => Clocks == Clocks.Skewed ? 4_000 : 0;

    public TacticSet CompiledTactics => field ??= TacticSet.Compile(Tactics, Currency.Parse("EUR"));
}
