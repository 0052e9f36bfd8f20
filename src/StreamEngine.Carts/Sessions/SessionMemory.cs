namespace StreamEngine.Carts.Sessions;

/// <summary>What the sessions of a shard have in common: texts, and the memory of their lists. One thread.</summary>
public sealed class SessionMemory
{
    public TextPool Texts { get; } = new();
    public Slab<CartLine> Lines { get; } = new();
    public Slab<ulong> Messages { get; } = new();
    public Slab<TacticCounter> Counters { get; } = new();
    public Slab<SessionExtras> Extras { get; } = new();
    public Slab<PendingAction> Pending { get; } = new();
    public Slab<byte> Bytes { get; } = new();
}
