using StreamEngine.Carts;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine;

namespace StreamEngine.Simulation;

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

    /// <summary>Clocks of the nodes are apart by up to so much, for ever.</summary>
    public long SkewMsMax { get; init; }

    public TacticSet CompiledTactics => field ??= TacticSet.Compile(Tactics, Currency.Parse("EUR"));
}
