using System.Collections.Frozen;
using System.Text;

namespace StreamEngine.Carts.Clicks;

/// <summary>
/// Names of <c>track</c> events to kinds: Segment and RudderStack e-commerce v2, their v1 names, names that shops and tag managers
/// use for the same, and the engine's own. A name that means a purchase is better listed once too often than once too seldom:
/// a purchase that is not seen ends in a reminder of something already bought.
/// </summary>
internal sealed class EventNames
{
    // Longer than any name below; what is longer still is no name of ours.
    private const int NameBytesMax = 64;

    private const int SeenMax = 64;

    private readonly FrozenDictionary<ulong, ClickKind> _kinds;

    // Names as they were written, each at a place that follows from a few of its letters: a shop writes them all in one way, and to lay a name bare and look
    // it up took 20 ns of a click's 680.
    private readonly byte[] _seenNames = new byte[SeenMax * NameBytesMax];
    private readonly (int Length, ClickKind Kind)[] _seen = new (int, ClickKind)[SeenMax];

    public EventNames(IReadOnlyDictionary<string, ClickKind> aliases)
    {
        var kinds = new Dictionary<ulong, ClickKind>();
        foreach (var (kind, names) in Known)
        {
            foreach (var name in names)
            {
                kinds.Add(HashOf(name), kind);
            }
        }
        foreach (var (name, kind) in aliases)
        {
            kinds[HashOf(name)] = kind;
        }
        _kinds = kinds.ToFrozenDictionary();
    }

    /// <returns>None for a name that is not listened to.</returns>
    public ClickKind KindOf(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > NameBytesMax)
        {
            return Find(name);
        }
        var place = (name.Length * 13 + name[name.Length / 2] * 7 + name[0]) % SeenMax;
        ref var seen = ref _seen[place];
        var text = _seenNames.AsSpan(place * NameBytesMax, NameBytesMax);
        if (seen.Length != name.Length || !name.SequenceEqual(text[..name.Length]))
        {
            name.CopyTo(text);
            seen = (name.Length, Find(name));
        }
        return seen.Kind;
    }

    private ClickKind Find(ReadOnlySpan<byte> name)
    {
        Span<byte> bare = stackalloc byte[NameBytesMax];
        return TryBare(name, bare, out var length) && _kinds.TryGetValue(Hash64.Of(bare[..length]), out var kind) ? kind : ClickKind.None;
    }

    private static ulong HashOf(string name)
    {
        Span<byte> bare = stackalloc byte[NameBytesMax];
        return TryBare(Encoding.UTF8.GetBytes(name), bare, out var length) && length > 0
            ? Hash64.Of(bare[..length])
            : throw new ArgumentException(
                $"Event alias '{name}' is no usable name: it needs 1 to {NameBytesMax} bytes besides spaces, '_', '-' and '.'.", nameof(name));
    }

    /// <summary>Letter case, spaces, '_', '-' and '.' do not count: "Product Added" is "product_added" is "productAdded".</summary>
    private static bool TryBare(ReadOnlySpan<byte> name, Span<byte> bare, out int length)
    {
        length = 0;
        foreach (var b in name)
        {
            if (b is (byte)' ' or (byte)'_' or (byte)'-' or (byte)'.')
            {
                continue;
            }
            if (length == bare.Length)
            {
                return false;
            }
            bare[length++] = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
        }
        return true;
    }

    private static readonly (ClickKind Kind, string[] Names)[] Known =
    [
        (ClickKind.ProductsSearched,
        [
            "Products Searched", "Product Searched", "Searched Products", "Searched Product", "Search", "View Search Results",
        ]),
        (ClickKind.ProductListViewed,
        [
            "Product List Viewed", "Viewed Product List", "Product List Filtered", "Viewed Product Category", "Product Category Viewed",
            "View Item List",
        ]),
        (ClickKind.ProductClicked, ["Product Clicked", "Clicked Product", "Select Item"]),
        (ClickKind.ProductViewed, ["Product Viewed", "Viewed Product", "Product Seen", "View Product", "View Item"]),
        (ClickKind.ProductAdded,
        [
            "Product Added", "Added Product", "Add to Cart", "Added to Cart", "Product Added to Cart", "Added Product to Cart", "Item Added to Cart",
            "Item Added", "Add to Basket", "Added to Basket", "Add to Bag", "Added to Bag",
        ]),
        (ClickKind.ProductRemoved,
        [
            "Product Removed", "Removed Product", "Remove from Cart", "Removed from Cart", "Product Removed from Cart", "Removed Product from Cart",
            "Item Removed from Cart", "Item Removed", "Remove from Basket", "Removed from Basket", "Remove from Bag", "Removed from Bag",
        ]),
        (ClickKind.CartViewed, ["Cart Viewed", "Viewed Cart", "View Cart", "Basket Viewed", "Viewed Basket", "View Basket"]),
        (ClickKind.CartCleared, ["Cart Cleared", "Cleared Cart", "Clear Cart", "Cart Emptied"]),
        (ClickKind.CartShared, ["Cart Shared", "Shared Cart"]),
        (ClickKind.CheckoutStarted,
        [
            "Checkout Started", "Started Checkout", "Start Checkout", "Begin Checkout",
            "Initiate Checkout", "Initiated Checkout", "Checkout Initiated",
            "Cart Checkout", "Checkout", "Started Order", "Order Started",
        ]),
        (ClickKind.CheckoutStepViewed, ["Checkout Step Viewed", "Viewed Checkout Step"]),
        (ClickKind.CheckoutStepCompleted, ["Checkout Step Completed", "Completed Checkout Step", "Add Shipping Info"]),
        (ClickKind.PaymentInfoEntered,
        [
            "Payment Info Entered", "Entered Payment Info", "Payment Info Added", "Payment Info Submitted", "Add Payment Info", "Added Payment Info",
        ]),
        (ClickKind.OrderCompleted,
        [
            "Order Completed", "Completed Order", "Order Complete", "Complete Order", "Order Placed", "Placed Order", "Place an Order", "Purchase",
            "Purchased", "Purchase Completed", "Completed Purchase", "Complete Purchase", "Product Purchased", "Products Purchased",
            "Purchased Product", "Product Ordered", "Checkout Completed", "Completed Checkout", "Complete Payment",
        ]),
        (ClickKind.OrderUpdated, ["Order Updated", "Updated Order"]),
        (ClickKind.OrderRefunded, ["Order Refunded", "Refunded Order", "Refund"]),
        (ClickKind.OrderCancelled, ["Order Cancelled", "Order Canceled", "Cancelled Order", "Canceled Order"]),
        (ClickKind.CouponEntered, ["Coupon Entered", "Entered Coupon"]),
        (ClickKind.CouponApplied, ["Coupon Applied", "Applied Coupon"]),
        (ClickKind.CouponDenied, ["Coupon Denied", "Denied Coupon"]),
        (ClickKind.CouponRemoved, ["Coupon Removed", "Removed Coupon"]),
        (ClickKind.ProductAddedToWishlist,
        [
            "Product Added to Wishlist", "Added Product to Wishlist", "Added to Wishlist", "Add to Wishlist",
        ]),
        (ClickKind.ProductRemovedFromWishlist,
        [
            "Product Removed from Wishlist", "Removed Product from Wishlist", "Removed from Wishlist", "Remove from Wishlist",
        ]),
        (ClickKind.WishlistProductAddedToCart, ["Wishlist Product Added to Cart", "Added Wishlist Product to Cart"]),
        (ClickKind.ProductShared, ["Product Shared", "Shared Product"]),
        (ClickKind.ExitIntentDetected, ["Exit Intent Detected", "Exit Intent"]),
        (ClickKind.PageLeft, ["Page Left"]),
        (ClickKind.Heartbeat, ["Heartbeat"]),
        (ClickKind.ChatMessageReceived, ["Chat Message Received"]),
        (ClickKind.ConsentUpdated, ["Consent Updated"]),
        (ClickKind.MessageSent, ["Message Sent"]),
        (ClickKind.MessageDelivered, ["Message Delivered"]),
        (ClickKind.MessageFailed, ["Message Failed"]),
        (ClickKind.MessageOpened, ["Message Opened"]),
        (ClickKind.MessageClicked, ["Message Clicked"]),
    ];
}
