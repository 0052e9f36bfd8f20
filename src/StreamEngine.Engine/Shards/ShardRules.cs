using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Engine.Shards;

/// <summary>What every shard of a node shares: rules and bounds, never state.</summary>
public sealed record ShardRules(SessionOptions Sessions, TacticSet Tactics, EngineOptions Engine, string ClicksTopic, int ShardCount, Partitioner? PartitionOf = null);

/// <summary>The partition that a keyed producer picks: by it, clicks that took another way are found.</summary>
public delegate int Partitioner(ReadOnlySpan<byte> key, int partitionCount);
