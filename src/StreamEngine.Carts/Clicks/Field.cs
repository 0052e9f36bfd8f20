namespace StreamEngine.Carts.Clicks;

/// <summary>What a record may say that a click cares for. Several spellings may mean one field.</summary>
internal enum Field : byte
{
    // Ids of a product, best first.
    ProductId,
    Sku,
    Id,
    ItemId,
    ProductName,
    Quantity,
    Price,
    Currency,
    LastOfProduct = Currency,

    Products,
    Items,
    Total,
    Revenue,
    Value,
    OrderId,
    CheckoutId,
    CartId,
    Coupon,
    CouponCode,
    CouponId,
    Confidence,
    Device,
    Channel,
    State,
    Text,
    Language,
    ActionId,
    Path,
    Url,
    Category,

    Type,
    Event,
    PageName,
    PageCategory,
    Properties,
    Traits,
    Context,
    MessageId,
    Timestamp,
    OriginalTimestamp,
    SentAt,

    ContextLocale,
    ContextTimeZone,
    ContextPage,
    ContextPath,
    ContextUrl,
    ContextDevice,
    ContextDeviceType,
    ContextUserAgentData,
    ContextMobile,

    Email,
    Phone,
    Locale,
    TimeZone,
    OrderCount,
    LastOrderAt,
    Consent,
    ConsentChat,
    ConsentEmail,
    ConsentSms,
    ConsentAgent,

    Count,
    Unknown = byte.MaxValue,
}

/// <summary>
/// Field names to fields, one table for each place in the envelope. Switching on the length first leaves one or two
/// comparisons of constant length, which compile to a few instructions.
/// </summary>
internal static class FieldNames
{
    public static Field OfRoot(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("type"u8) ? Field.Type : name.SequenceEqual("name"u8) ? Field.PageName : Field.Unknown,
        5 => name.SequenceEqual("event"u8) ? Field.Event : Field.Unknown,
        6 => name.SequenceEqual("traits"u8) ? Field.Traits : name.SequenceEqual("sentAt"u8) ? Field.SentAt : Field.Unknown,
        7 => name.SequenceEqual("context"u8) ? Field.Context : Field.Unknown,
        8 => name.SequenceEqual("category"u8) ? Field.PageCategory : Field.Unknown,
        9 => name.SequenceEqual("timestamp"u8) ? Field.Timestamp : name.SequenceEqual("messageId"u8) ? Field.MessageId : Field.Unknown,
        10 => name.SequenceEqual("properties"u8) ? Field.Properties : name.SequenceEqual("message_id"u8) ? Field.MessageId : Field.Unknown,
        17 => name.SequenceEqual("originalTimestamp"u8) ? Field.OriginalTimestamp : Field.Unknown,
        _ => Field.Unknown,
    };

    /// <summary>Names in <c>properties</c>. The first of them are those of a product, there as well as in its product list.</summary>
    public static Field OfProperty(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => name.SequenceEqual("id"u8) ? Field.Id : Field.Unknown,
        3 => name.SequenceEqual("sku"u8) ? Field.Sku : name.SequenceEqual("url"u8) ? Field.Url : Field.Unknown,
        4 => name.SequenceEqual("name"u8) ? Field.ProductName
            : name.SequenceEqual("path"u8) ? Field.Path
            : name.SequenceEqual("text"u8) ? Field.Text : Field.Unknown,
        5 => name.SequenceEqual("price"u8) ? Field.Price
            : name.SequenceEqual("total"u8) ? Field.Total
            : name.SequenceEqual("value"u8) ? Field.Value
            : name.SequenceEqual("items"u8) ? Field.Items
            : name.SequenceEqual("state"u8) ? Field.State : Field.Unknown,
        6 => name.SequenceEqual("coupon"u8) ? Field.Coupon
            : name.SequenceEqual("itemId"u8) ? Field.ItemId
            : name.SequenceEqual("cartId"u8) ? Field.CartId
            : name.SequenceEqual("device"u8) ? Field.Device : Field.Unknown,
        7 => name.SequenceEqual("revenue"u8) ? Field.Revenue
            : name.SequenceEqual("orderId"u8) ? Field.OrderId
            : name.SequenceEqual("cart_id"u8) ? Field.CartId
            : name.SequenceEqual("item_id"u8) ? Field.ItemId
            : name.SequenceEqual("channel"u8) ? Field.Channel : Field.Unknown,
        8 => name.SequenceEqual("quantity"u8) ? Field.Quantity
            : name.SequenceEqual("currency"u8) ? Field.Currency
            : name.SequenceEqual("products"u8) ? Field.Products
            : name.SequenceEqual("category"u8) ? Field.Category
            : name.SequenceEqual("order_id"u8) ? Field.OrderId
            : name.SequenceEqual("couponId"u8) ? Field.CouponId
            : name.SequenceEqual("language"u8) ? Field.Language
            : name.SequenceEqual("actionId"u8) ? Field.ActionId : Field.Unknown,
        9 => name.SequenceEqual("productId"u8) ? Field.ProductId
            : name.SequenceEqual("coupon_id"u8) ? Field.CouponId
            : name.SequenceEqual("item_name"u8) ? Field.ProductName
            : name.SequenceEqual("action_id"u8) ? Field.ActionId : Field.Unknown,
        10 => name.SequenceEqual("product_id"u8) ? Field.ProductId
            : name.SequenceEqual("checkoutId"u8) ? Field.CheckoutId
            : name.SequenceEqual("couponCode"u8) ? Field.CouponCode
            : name.SequenceEqual("confidence"u8) ? Field.Confidence : Field.Unknown,
        11 => name.SequenceEqual("checkout_id"u8) ? Field.CheckoutId : name.SequenceEqual("coupon_code"u8) ? Field.CouponCode : Field.Unknown,
        _ => Field.Unknown,
    };

    public static Field OfContext(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("page"u8) ? Field.ContextPage : Field.Unknown,
        6 => name.SequenceEqual("locale"u8) ? Field.ContextLocale
            : name.SequenceEqual("traits"u8) ? Field.Traits
            : name.SequenceEqual("device"u8) ? Field.ContextDevice : Field.Unknown,
        8 => name.SequenceEqual("timezone"u8) ? Field.ContextTimeZone : Field.Unknown,
        13 => name.SequenceEqual("userAgentData"u8) ? Field.ContextUserAgentData : Field.Unknown,
        _ => Field.Unknown,
    };

    public static Field OfContextPage(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 => name.SequenceEqual("url"u8) ? Field.ContextUrl : Field.Unknown,
        4 => name.SequenceEqual("path"u8) ? Field.ContextPath : Field.Unknown,
        _ => Field.Unknown,
    };

    public static Field OfContextDevice(ReadOnlySpan<byte> name) => name.SequenceEqual("type"u8) ? Field.ContextDeviceType : Field.Unknown;

    public static Field OfContextUserAgentData(ReadOnlySpan<byte> name) => name.SequenceEqual("mobile"u8) ? Field.ContextMobile : Field.Unknown;

    public static Field OfTrait(ReadOnlySpan<byte> name) => name.Length switch
    {
        5 => name.SequenceEqual("email"u8) ? Field.Email : name.SequenceEqual("phone"u8) ? Field.Phone : Field.Unknown,
        6 => name.SequenceEqual("locale"u8) ? Field.Locale : Field.Unknown,
        7 => name.SequenceEqual("consent"u8) ? Field.Consent : Field.Unknown,
        8 => name.SequenceEqual("timezone"u8) || name.SequenceEqual("timeZone"u8) ? Field.TimeZone : Field.Unknown,
        9 => name.SequenceEqual("time_zone"u8) ? Field.TimeZone : Field.Unknown,
        10 => name.SequenceEqual("orderCount"u8) ? Field.OrderCount : Field.Unknown,
        11 => name.SequenceEqual("order_count"u8) ? Field.OrderCount : name.SequenceEqual("lastOrderAt"u8) ? Field.LastOrderAt : Field.Unknown,
        13 => name.SequenceEqual("last_order_at"u8) ? Field.LastOrderAt : Field.Unknown,
        _ => Field.Unknown,
    };

    public static Field OfConsent(ReadOnlySpan<byte> name) => ClickWords.ChannelOf(name) switch
    {
        Channel.Chat => Field.ConsentChat,
        Channel.Email => Field.ConsentEmail,
        Channel.Sms => Field.ConsentSms,
        Channel.Agent => Field.ConsentAgent,
        _ => Field.Unknown,
    };
}
