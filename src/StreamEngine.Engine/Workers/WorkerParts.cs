using Microsoft.Extensions.Logging;
using StreamEngine.Carts.Clicks;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Workers;

/// <summary>What a worker works with. The source and the outlet are its own; the store serves all workers of a node.</summary>
public sealed record WorkerParts(
    IClickSource Source, IActionOutlet Outlet, IShardStore Store, ShardRules Rules, ClickOptions Clicks, string Owner, TimeProvider Time, ILogger Logger)
{
    /// <summary>Null for a worker that never ends by itself.</summary>
    public CatchUp? CatchUp { get; init; }

    /// <summary>Null for a worker that is alone in its node.</summary>
    public StoreTrouble? Trouble { get; init; }

    /// <summary>Null keeps no shard that is given up.</summary>
    public KeptShards? Kept { get; init; }

    /// <summary>Null where nothing that was published can be read back.</summary>
    public ActionTail? Tail { get; init; }

    /// <summary>Starts a task that waits for the store.</summary>
    public Action<Task> StartRead { get; init; } = StoreReads.Beside;
}
