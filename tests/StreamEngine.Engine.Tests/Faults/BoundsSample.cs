using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>What is under way and in memory at one instant.</summary>
/// <param name="Held">Commits that the store has not answered.</param>
/// <param name="Sessions">Resident sessions.</param>
internal sealed record BoundsSample(long ClockMs, int Held, long Sessions)
{
    private static readonly CartPhase[] Phases = Enum.GetValues<CartPhase>();

    public static BoundsSample Of(ShardDriver driver) =>
        new(driver.Time.NowMs, driver.Store.Held, driver.Worker.Stats.Shards.Sum(shard => Phases.Sum(shard.Sessions)));
}
