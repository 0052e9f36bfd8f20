namespace StreamEngine.Oracle;

/// <summary>Event names to kinds. A kind is called like its event without the spaces.</summary>
internal static class EventWords
{
    private static readonly HashSet<string> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        "ProductsSearched", "ProductListViewed", "ProductClicked", "ProductViewed", "ProductAdded", "ProductRemoved", "CartViewed", "CartCleared", "CartShared",
        "CheckoutStarted", "CheckoutStepViewed", "CheckoutStepCompleted", "PaymentInfoEntered", "OrderCompleted", "OrderUpdated", "OrderRefunded",
        "OrderCancelled", "CouponEntered", "CouponApplied", "CouponDenied", "CouponRemoved", "ProductAddedToWishlist", "ProductRemovedFromWishlist",
        "WishlistProductAddedToCart", "ProductShared", "ExitIntentDetected", "PageLeft", "Heartbeat", "ChatMessageReceived", "ConsentUpdated", "MessageSent",
        "MessageDelivered", "MessageFailed", "MessageOpened", "MessageClicked",
    };

    /// <summary>The v1 names, and what Google's tag says for the same.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ViewedProduct"] = "ProductViewed",
        ["ViewItem"] = "ProductViewed",
        ["ViewedProductCategory"] = "ProductListViewed",
        ["ViewItemList"] = "ProductListViewed",
        ["AddedProduct"] = "ProductAdded",
        ["AddToCart"] = "ProductAdded",
        ["RemovedProduct"] = "ProductRemoved",
        ["RemoveFromCart"] = "ProductRemoved",
        ["ViewedCart"] = "CartViewed",
        ["ViewCart"] = "CartViewed",
        ["StartedCheckout"] = "CheckoutStarted",
        ["BeginCheckout"] = "CheckoutStarted",
        ["ViewedCheckoutStep"] = "CheckoutStepViewed",
        ["CompletedCheckoutStep"] = "CheckoutStepCompleted",
        ["CompletedOrder"] = "OrderCompleted",
        ["Purchase"] = "OrderCompleted",
        ["ExitIntent"] = "ExitIntentDetected",
    };

    /// <returns>Null for an event that the engine does not listen to.</returns>
    public static string? KindOf(string name)
    {
        var bare = string.Concat(name.Where(c => c is not (' ' or '_' or '-' or '.')));
        return Kinds.TryGetValue(bare, out var kind) ? kind : Aliases.GetValueOrDefault(bare);
    }
}
