namespace StreamEngine.Simulation.Shops;

/// <param name="AtMs">When the browser sends it, true time.</param>
/// <param name="Skip">Offsets left out before it.</param>
public sealed record ShopClick(long AtMs, int Shard, byte[] Key, byte[] Value, int Skip);

/// <summary>What the visitors of a shop do over some days, in order of time.</summary>
/// <param name="Visitors">Different visitors with a session that outlives a crash.</param>
/// <param name="EndMs">Nothing is sent from then on.</param>
/// <param name="StepMs">A visitor's clicks are whole steps apart, or none of them cares.</param>
public sealed record ShopStory(IReadOnlyList<ShopClick> Clicks, int Visitors, int Browsers, long EndMs, long StepMs);
