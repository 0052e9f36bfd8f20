namespace StreamEngine.Host.Shoppers;

/// <summary>What a shopper will do. Chosen before the first click, so that the outcome is known and need not be computed from the clicks.</summary>
internal enum ShopperPlan : byte
{
    Browse,

    /// <summary>Cart and order in one visit, without a pause that would abandon the cart.</summary>
    Buy,

    /// <summary>Cart, then nothing: abandoned once.</summary>
    Leave,

    /// <summary>Abandoned once; returns within the time for recovery and buys.</summary>
    ReturnAndBuy,

    /// <summary>Abandoned, returns, adds another product, abandoned a second time.</summary>
    ReturnAndLeave,

    /// <summary>Puts things into the cart and takes all of them out again.</summary>
    Empty,
}

/// <summary>What a script leads to. Money in minor units of the shop's currency.</summary>
/// <param name="AbandonedMinor">Value of the cart at each abandonment, added up.</param>
/// <param name="OrderMinor">0 without an order.</param>
internal readonly record struct Outcome(ShopperPlan Plan, int Abandonments, long AbandonedMinor, long OrderMinor)
{
    public bool HasCart => Plan != ShopperPlan.Browse;
    public bool Buys => Plan is ShopperPlan.Buy or ShopperPlan.ReturnAndBuy;
    public bool IsRecovered => Plan == ShopperPlan.ReturnAndBuy;
}
