using StreamEngine.Carts.Actions;

namespace StreamEngine.Carts.Sessions;

/// <summary>What who only browses seldom has. Texts are UTF-8.</summary>
public struct SessionExtras
{
    /// <summary>Empty while unknown.</summary>
    public SlabList<byte> CartId;

    /// <summary>Empty while unknown.</summary>
    public SlabList<byte> CheckoutId;
    public ulong LastOrderId;

    /// <summary>Order-independent hash of the products that were bought last: a page that still shows them must not open a new cart.</summary>
    public ulong BoughtHash;
    public byte[]? Coupon;
    public byte[]? TimeZone;
    public Withdrawals Withdrawals;

    /// <summary>Emitted, but the channel is still waiting: a purchase cancels them.</summary>
    public SlabList<PendingAction> Pending;

    /// <summary>Fields that a newer release wrote, as they were.</summary>
    public byte[]? UnknownFields;

    internal void Release(SessionMemory memory)
    {
        CartId.Release(memory.Bytes);
        CheckoutId.Release(memory.Bytes);
        Pending.Release(memory.Pending);
    }
}

public readonly record struct PendingAction(ActionId Id, long NotBeforeMs);
