using FsCheck;
using FsCheck.Fluent;
using StreamEngine.Carts.Clicks;
using StreamEngine.TestKit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

/// <summary>One step of a random story: time passes, then a click whose event may be older than it.</summary>
/// <param name="Click">An index into the clicks, so that a failing story prints readably.</param>
public sealed record Step(long WaitMs, string Click, int LateMs);

/// <summary>Stories of a few products, orders and messages, so that they meet each other often.</summary>
internal static class RandomClicks
{
    private static readonly Dictionary<string, Action<Click>> ByName = Build();

    public static Arbitrary<Step[]> Stories { get; } = Arb.From(
        Gen.Sized(size => (
            from wait in Gen.Frequency(
                (4, Gen.Choose(0, 2_000)), (3, Gen.Elements(0, 45_000, 60_000, 300_000, 1_800_000, 3_600_000)),
                (2, Gen.Choose(0, 2_000_000)), (1, Gen.Choose(0, 200_000_000)), (1, Gen.Constant(604_800_000)))
            from click in Gen.Elements(ByName.Keys.ToArray())
            from late in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 3_000)), (1, Gen.Choose(1, 5_000_000)))
            select new Step(wait, click, late)).ArrayOf(size)),
        story => story.Length == 0 ? [] : Enumerable.Range(0, story.Length).Select(i => story.Where((_, k) => k != i).ToArray()));

    public static Verdict Feed(this SessionDriver carts, Step step) => carts.FeedLate(carts.NowMs - step.LateMs, ByName[step.Click]);

    private static Dictionary<string, Action<Click>> Build()
    {
        var clicks = new Dictionary<string, Action<Click>>(StringComparer.Ordinal)
        {
            ["order"] = Order(),
            ["order-1"] = Order("1", 20, "USD", 50),
            ["order-2"] = Order("2", 20),
            ["exit-weak"] = ExitIntent(10),
            ["exit"] = ExitIntent(90, 60),
            ["exit-again"] = ExitIntent(),
            ["sms-yes"] = Consent(Channel.Sms, ConsentState.Granted),
            ["sms-no"] = Consent(Channel.Sms, ConsentState.Withdrawn),
            ["email-no"] = Consent(Channel.Email, ConsentState.Withdrawn),
            ["identify"] = Identify("ann@example.com", "+41790000000", "de-CH", 2, 0, "Europe/Zurich"),
            ["coupon"] = Coupon("SAVE5"),
            ["coupon-off"] = Coupon(null, ClickKind.CouponRemoved),
            ["checkout"] = Checkout(),
            ["checkout-value"] = Checkout(ClickKind.CheckoutStepCompleted, 700, "USD", "ch-1"),
            ["checkout-lines"] = Snapshot(ClickKind.CheckoutStarted, null, ("sku-1", 1, 10)),
            ["viewed-none"] = Of(ClickKind.CartViewed),
            ["viewed-empty"] = CartViewed(),
            ["viewed-1"] = CartViewed(("sku-1", 1, 10)),
            ["viewed-2"] = CartViewed(("sku-1", 2, 10), ("sku-2", 1, 600), ("sku-1", 1, 11)),
            ["viewed-yen"] = Snapshot(ClickKind.CartViewed, "JPY", ("sku-1", 1, 1000)),
            ["add-1"] = Add("sku-1", 1, 10, messageId: 1),
            ["add-1-again"] = Add("sku-1", 1, 10, messageId: 2),
            ["add-2"] = Add("sku-2", 3, 250),
            ["add-dollars"] = Add("sku-3", 1, 10, "USD", 3),
            ["add-free"] = AddWithoutPrice("sku-4"),
            ["add-absurd"] = Add("sku-5", 100_000, 1_000_000_000),
            ["remove-1"] = Remove("sku-1"),
            ["remove-one-2"] = Remove("sku-2", 1, 4),
        };
        foreach (var page in Enum.GetValues<PageType>())
        {
            clicks.Add("page-" + page, Page(page));
        }
        foreach (var kind in Enum.GetValues<ClickKind>())
        {
            if (kind is not (ClickKind.None or ClickKind.ProductAdded or ClickKind.WishlistProductAddedToCart))
            {
                clicks.Add("plain-" + kind, Of(kind));
            }
        }
        return clicks;
    }
}
