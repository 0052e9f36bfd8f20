using System.Text;
using System.Text.Json;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Clickstreams;

/// <summary>The names that <see cref="ClickWriter"/> and its callers put into JSON, encoded once.</summary>
public static class ClickFields
{
    private static readonly JsonEncodedText[] s_events = [.. Enum.GetValues<ClickKind>().Select(kind => JsonEncodedText.Encode(Spaced(kind.ToString())))];

    public static JsonEncodedText Confidence { get; } = JsonEncodedText.Encode("confidence");
    public static JsonEncodedText Brand { get; } = JsonEncodedText.Encode("brand");
    public static JsonEncodedText CartId { get; } = JsonEncodedText.Encode("cart_id");
    public static JsonEncodedText Category { get; } = JsonEncodedText.Encode("category");
    public static JsonEncodedText Channel { get; } = JsonEncodedText.Encode("channel");
    public static JsonEncodedText CheckoutId { get; } = JsonEncodedText.Encode("checkout_id");
    public static JsonEncodedText Consent { get; } = JsonEncodedText.Encode("consent");
    public static JsonEncodedText Currency { get; } = JsonEncodedText.Encode("currency");
    public static JsonEncodedText Device { get; } = JsonEncodedText.Encode("device");
    public static JsonEncodedText Email { get; } = JsonEncodedText.Encode("email");
    public static JsonEncodedText Language { get; } = JsonEncodedText.Encode("language");
    public static JsonEncodedText ListId { get; } = JsonEncodedText.Encode("list_id");
    public static JsonEncodedText Locale { get; } = JsonEncodedText.Encode("locale");
    public static JsonEncodedText Name { get; } = JsonEncodedText.Encode("name");
    public static JsonEncodedText OrderCount { get; } = JsonEncodedText.Encode("orderCount");
    public static JsonEncodedText OrderId { get; } = JsonEncodedText.Encode("order_id");
    public static JsonEncodedText PaymentMethod { get; } = JsonEncodedText.Encode("payment_method");
    public static JsonEncodedText Phone { get; } = JsonEncodedText.Encode("phone");
    public static JsonEncodedText Price { get; } = JsonEncodedText.Encode("price");
    public static JsonEncodedText ProductId { get; } = JsonEncodedText.Encode("product_id");
    public static JsonEncodedText Products { get; } = JsonEncodedText.Encode("products");
    public static JsonEncodedText Quantity { get; } = JsonEncodedText.Encode("quantity");
    public static JsonEncodedText Query { get; } = JsonEncodedText.Encode("query");
    public static JsonEncodedText Revenue { get; } = JsonEncodedText.Encode("revenue");
    public static JsonEncodedText SessionId { get; } = JsonEncodedText.Encode("session_id");
    public static JsonEncodedText ShippingMethod { get; } = JsonEncodedText.Encode("shipping_method");
    public static JsonEncodedText Signal { get; } = JsonEncodedText.Encode("signal");
    public static JsonEncodedText Sms { get; } = JsonEncodedText.Encode("sms");
    public static JsonEncodedText State { get; } = JsonEncodedText.Encode("state");
    public static JsonEncodedText Step { get; } = JsonEncodedText.Encode("step");
    public static JsonEncodedText Text { get; } = JsonEncodedText.Encode("text");
    public static JsonEncodedText TimeZone { get; } = JsonEncodedText.Encode("timezone");
    public static JsonEncodedText Total { get; } = JsonEncodedText.Encode("total");
    public static JsonEncodedText Value { get; } = JsonEncodedText.Encode("value");

    /// <summary>"ProductAddedToWishlist" is "Product Added to Wishlist" in the specification of the events.</summary>
    public static JsonEncodedText Event(ClickKind kind) => s_events[(int)kind];

    private static string Spaced(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append(' ');
            }
            text.Append(c);
        }
        return text.Replace(" To ", " to ").Replace(" From ", " from ").ToString();
    }
}
