using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class EventNameTests
{
    public static TheoryData<ClickKind, string> Names => new()
    {
        { ClickKind.ProductsSearched, "Products Searched|Searched Products" },
        { ClickKind.ProductListViewed, "Product List Viewed|Viewed Product Category|view_item_list" },
        { ClickKind.ProductClicked, "Product Clicked" },
        { ClickKind.ProductViewed, "Product Viewed|Viewed Product|view_item" },
        { ClickKind.ProductAdded, "Product Added|Added Product|add_to_cart|addToCart|Added to Cart|Product Added to Cart|PRODUCT-ADDED" },
        { ClickKind.ProductRemoved, "Product Removed|Removed Product|remove_from_cart|Removed from Cart" },
        { ClickKind.CartViewed, "Cart Viewed|view_cart|Viewed Cart" },
        { ClickKind.CartCleared, "Cart Cleared" },
        { ClickKind.CartShared, "Cart Shared" },
        { ClickKind.CheckoutStarted, "Checkout Started|begin_checkout|Started Order|checkout_started" },
        { ClickKind.CheckoutStepViewed, "Checkout Step Viewed|Viewed Checkout Step" },
        { ClickKind.CheckoutStepCompleted, "Checkout Step Completed|Completed Checkout Step" },
        { ClickKind.PaymentInfoEntered, "Payment Info Entered|add_payment_info" },
        { ClickKind.OrderCompleted, "Order Completed|Completed Order|Order.Completed|Order Complete|Purchase|Product Purchased" },
        { ClickKind.OrderUpdated, "Order Updated" },
        { ClickKind.OrderRefunded, "Order Refunded" },
        { ClickKind.OrderCancelled, "Order Cancelled|Order Canceled" },
        { ClickKind.CouponEntered, "Coupon Entered" },
        { ClickKind.CouponApplied, "Coupon Applied" },
        { ClickKind.CouponDenied, "Coupon Denied" },
        { ClickKind.CouponRemoved, "Coupon Removed" },
        { ClickKind.ProductAddedToWishlist, "Product Added to Wishlist" },
        { ClickKind.ProductRemovedFromWishlist, "Product Removed from Wishlist" },
        { ClickKind.WishlistProductAddedToCart, "Wishlist Product Added to Cart" },
        { ClickKind.ProductShared, "Product Shared" },
        { ClickKind.ExitIntentDetected, "Exit Intent Detected|exit_intent_detected" },
        { ClickKind.PageLeft, "Page Left|page_left" },
        { ClickKind.Heartbeat, "Heartbeat" },
        { ClickKind.ChatMessageReceived, "Chat Message Received" },
        { ClickKind.ConsentUpdated, "Consent Updated" },
        { ClickKind.MessageSent, "Message Sent" },
        { ClickKind.MessageDelivered, "Message Delivered" },
        { ClickKind.MessageFailed, "Message Failed" },
        { ClickKind.MessageOpened, "Message Opened" },
        { ClickKind.MessageClicked, "Message Clicked" },
    };

    // Enough for every kind to be well-formed.
    private const string Everything = """{"product_id":"p","actionId":"0123456789abcdef0123456789ABCDEF","channel":"sms","state":"granted"}""";

    [Fact]
    public void A_name_means_its_kind_whatever_names_came_before()
    {
        // Many of them would be remembered in the same place.
        var parser = Parser();
        var names = Names.SelectMany(static row => row.Data.Item2.Split('|').SelectMany(static name => new[] { name, name.ToUpperInvariant(), name.Replace(' ', '_'), name + "!" })
            .Select(name => (Name: name, Kind: name.EndsWith('!') ? ClickKind.None : row.Data.Item1))).ToArray();
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var (name, kind) = names[random.Next(names.Length)];
            var outcome = parser.Parse(TrackJson(name, Everything));
            Assert.Equal((kind == ClickKind.None ? ParseOutcome.Ignored : ParseOutcome.Click, kind), (outcome, parser.Click.Kind));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_mean_their_kind_in_every_spelling(ClickKind kind, string names)
    {
        foreach (var name in names.Split('|'))
        {
            foreach (var spelling in new[] { name, name.ToLowerInvariant(), name.ToUpperInvariant(), name.Replace(' ', '_'), name.Replace(' ', '-'), name.Replace(" ", "", StringComparison.Ordinal) })
            {
                Assert.Equal(kind, Track(spelling, Everything).Kind);
            }
        }
    }

    [Fact]
    public void Every_kind_has_a_name() =>
        Assert.Empty(Enum.GetValues<ClickKind>().Except([ClickKind.None, ClickKind.Page, ClickKind.Identify]).Except(Names.Select(row => row.Data.Item1)));

    [Theory]
    [InlineData("Signed Up")]
    [InlineData("Product Reviewed")]
    [InlineData("Products Addeds")]
    [InlineData("Промо")]
    [InlineData("a name that is much longer than any event name could reasonably be, and goes on and on and on")]
    public void Other_names_are_ignored_whatever_they_carry(string name)
    {
        var parser = Parser();
        Assert.Equal(ParseOutcome.Ignored, parser.Parse(TrackJson(name, """{"product_id":{},"price":"bad","quantity":-1,"currency":"?"}""")));
        Assert.Equal(FaultReason.None, parser.Fault.Reason);
    }

    [Fact]
    public void A_shop_can_add_names_and_change_the_meaning_of_known_ones()
    {
        var options = new ClickOptions
        {
            EventAliases = new Dictionary<string, ClickKind>(StringComparer.Ordinal) { ["Quote Requested"] = ClickKind.CheckoutStarted, ["purchase"] = ClickKind.None },
        };
        Assert.Equal(ClickKind.CheckoutStarted, Click(TrackJson("quote_requested", "{}"), options).Kind);
        Assert.Equal(ParseOutcome.Ignored, Parser(options).Parse(TrackJson("Purchase", "{}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" _-. ")]
    public void An_alias_without_letters_is_refused(string alias) =>
        Assert.Throws<ArgumentException>(() => Parser(new ClickOptions
        {
            EventAliases = new Dictionary<string, ClickKind>(StringComparer.Ordinal) { [alias] = ClickKind.Heartbeat },
        }));
}
