namespace StreamEngine.Carts.Clicks;

/// <summary>Which parts of a record a kind of click lives on.</summary>
internal enum KindGroup : byte
{
    /// <summary>Says what is in the cart. Every number must be right: a click that cannot be read is better than a wrong total.</summary>
    Cart,

    /// <summary>Says that there is an order. Must never be lost, so whatever else it says may be faulty and is then absent.</summary>
    Order,

    /// <summary>A step on the way to an order: names cart, checkout and coupon.</summary>
    Checkout,

    /// <summary>Looks at a product or lists of them; what it says of the product is taken as far as it can be read.</summary>
    Look,
    Page,
    Identify,
    ExitIntent,
    Chat,
    Consent,
    Outcome,

    /// <summary>That it happened is all there is to it.</summary>
    Bare,
}

internal static class KindRules
{
    public static KindGroup GroupOf(ClickKind kind) => kind switch
    {
        ClickKind.ProductAdded or ClickKind.ProductRemoved or ClickKind.WishlistProductAddedToCart
            or ClickKind.CartViewed or ClickKind.CheckoutStarted => KindGroup.Cart,
        ClickKind.OrderCompleted or ClickKind.OrderUpdated or ClickKind.OrderRefunded or ClickKind.OrderCancelled => KindGroup.Order,
        ClickKind.CheckoutStepViewed or ClickKind.CheckoutStepCompleted or ClickKind.PaymentInfoEntered
            or ClickKind.CouponEntered or ClickKind.CouponApplied or ClickKind.CouponDenied or ClickKind.CouponRemoved
            or ClickKind.CartCleared or ClickKind.CartShared => KindGroup.Checkout,
        ClickKind.ProductsSearched or ClickKind.ProductListViewed or ClickKind.ProductClicked or ClickKind.ProductViewed
            or ClickKind.ProductAddedToWishlist or ClickKind.ProductRemovedFromWishlist or ClickKind.ProductShared => KindGroup.Look,
        ClickKind.Page => KindGroup.Page,
        ClickKind.Identify => KindGroup.Identify,
        ClickKind.ExitIntentDetected => KindGroup.ExitIntent,
        ClickKind.ChatMessageReceived => KindGroup.Chat,
        ClickKind.ConsentUpdated => KindGroup.Consent,
        ClickKind.MessageSent or ClickKind.MessageDelivered or ClickKind.MessageFailed
            or ClickKind.MessageOpened or ClickKind.MessageClicked => KindGroup.Outcome,
        _ => KindGroup.Bare,
    };

    /// <summary>The product list, or without one the record's own fields, must name a product.</summary>
    public static bool NeedsProduct(ClickKind kind) =>
        kind is ClickKind.ProductAdded or ClickKind.ProductRemoved or ClickKind.WishlistProductAddedToCart;

    /// <summary>The page that a visitor must be on to do this; None where it says nothing about the page.</summary>
    public static PageType PageOf(ClickKind kind) => kind switch
    {
        ClickKind.ProductViewed => PageType.Product,
        ClickKind.ProductListViewed or ClickKind.ProductsSearched => PageType.Listing,
        ClickKind.CartViewed => PageType.Cart,
        ClickKind.CheckoutStarted or ClickKind.CheckoutStepViewed or ClickKind.CheckoutStepCompleted => PageType.Checkout,
        _ => PageType.None,
    };
}
