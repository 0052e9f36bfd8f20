using System.Text;
using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.TestKit;

/// <summary>Clicks as a shop would send them, for <see cref="SessionDriver.Feed"/>. Prices are in units of the currency.</summary>
public static class ClickExamples
{
    public static Action<Click> Of(ClickKind kind) => click => click.Kind = kind;

    public static Action<Click> Page(PageType page) => click => (click.Kind, click.Page) = (ClickKind.Page, page);

    public static Action<Click> PageLeft() => Of(ClickKind.PageLeft);

    public static Action<Click> Heartbeat() => Of(ClickKind.Heartbeat);

    public static Action<Click> Add(string product, int quantity = 1, decimal price = 10, string? currency = null, ulong messageId = 0) => click =>
    {
        click.Kind = ClickKind.ProductAdded;
        click.MessageId = messageId;
        click.Currency = CurrencyOf(currency);
        click.AddLine(Line(click, product, quantity, price));
    };

    public static Action<Click> AddWithoutPrice(string product) => click =>
    {
        click.Kind = ClickKind.ProductAdded;
        click.AddLine(Line(click, product, 1, -1));
    };

    /// <param name="quantity">-1 takes the whole line.</param>
    public static Action<Click> Remove(string product, int quantity = -1, ulong messageId = 0) => click =>
    {
        click.Kind = ClickKind.ProductRemoved;
        click.MessageId = messageId;
        click.AddLine(Line(click, product, quantity, -1));
    };

    public static Action<Click> CartViewed(params (string Product, int Quantity, decimal Price)[] lines) => Snapshot(ClickKind.CartViewed, null, lines);

    public static Action<Click> Snapshot(ClickKind kind, string? currency, params (string Product, int Quantity, decimal Price)[] lines) => click =>
    {
        click.Kind = kind;
        click.HasLines = true;
        click.Currency = CurrencyOf(currency);
        foreach (var (product, quantity, price) in lines)
        {
            click.AddLine(Line(click, product, quantity, price));
        }
    };

    /// <summary>A checkout click that lists no products.</summary>
    public static Action<Click> Checkout(ClickKind kind = ClickKind.CheckoutStarted, decimal value = -1, string? currency = null, string? checkoutId = null) => click =>
    {
        click.Kind = kind;
        click.ValueE4 = E4(value);
        click.Currency = CurrencyOf(currency);
        click.CheckoutId = Text(click, checkoutId);
    };

    public static Action<Click> Order(string? id = null, decimal value = -1, string? currency = null, ulong messageId = 0) => click =>
    {
        click.Kind = ClickKind.OrderCompleted;
        click.MessageId = messageId;
        click.OrderId = id is null ? 0 : Hash64.Of(Encoding.UTF8.GetBytes(id));
        click.ValueE4 = E4(value);
        click.Currency = CurrencyOf(currency);
    };

    public static Action<Click> ExitIntent(int confidencePercent = -1, ulong messageId = 0) => click =>
        (click.Kind, click.ConfidencePercent, click.MessageId) = (ClickKind.ExitIntentDetected, confidencePercent, messageId);

    public static Action<Click> Consent(Channel channel, ConsentState state) => click =>
        (click.Kind, click.Consents) = (ClickKind.ConsentUpdated, default(ConsentSet).With(channel, state));

    public static Action<Click> Identify(
        string? email = null, string? phone = null, string? locale = null, int orderCount = -1, long lastOrderAtMs = 0, string? timeZone = null) => click =>
    {
        click.Kind = ClickKind.Identify;
        click.Email = Text(click, email);
        click.Phone = Text(click, phone);
        click.Locale = Text(click, locale);
        click.TimeZone = Text(click, timeZone);
        click.OrderCount = orderCount;
        click.LastOrderAtMs = lastOrderAtMs;
    };

    public static Action<Click> Coupon(string? code, ClickKind kind = ClickKind.CouponApplied) => click =>
    {
        click.Kind = kind;
        click.Coupon = Text(click, code);
    };

    public static Action<Click> Outcome(ClickKind kind, ActionId action) => click => (click.Kind, click.ActionId) = (kind, action);

    public static Action<Click> With(this Action<Click> fill, Action<Click> more) => click =>
    {
        fill(click);
        more(click);
    };

    public static TextRange Text(Click click, string? text) => text is null ? default : click.AddText(Encoding.UTF8.GetBytes(text));

    private static ClickLine Line(Click click, string product, int quantity, decimal price) =>
        new(Text(click, product), Text(click, "Name of " + product), quantity, E4(price));

    private static long E4(decimal value) => value < 0 ? -1 : (long)(value * 10_000);

    private static Currency CurrencyOf(string? code) => code is null ? default : Currency.Parse(code);
}
