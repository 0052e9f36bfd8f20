using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Oracle.Tests;

/// <summary>
/// Draws stories from a seed. The gaps lie on and just beside the instants at which something is due; all are whole ticks of the deadline wheel (10 ms), so that
/// "now" means the same to the wheel and to the oracle.
/// </summary>
public sealed class StoryWriter(int seed)
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    private static readonly long[] ShortGaps = [0, 0, 10, 50, 500, Second, 5 * Second, 10 * Second, 44_990, 45 * Second, 45_010, Minute, 2 * Minute];

    private static readonly long[] LongGaps =
    [
        5 * Minute - 10, 5 * Minute, 5 * Minute + 10, 30 * Minute - 10, 30 * Minute, 30 * Minute + 10, Hour - 10, Hour, 90 * Minute, 3 * Hour, 3 * Hour + 30 * Minute,
        Day, Day + 30 * Minute, 2 * Day, 3 * Day, 7 * Day - 10, 7 * Day, 7 * Day + 30 * Minute, 30 * Day,
    ];

    private static readonly string[] Products = ["p1", "p2", "p3", "p4"];
    private static readonly string[] Prices = ["10", "\"19.99\"", "0.5", "400", "0", "149.95"];
    private static readonly long[] Expiries = [30 * Second, 10 * Minute, Hour, 30 * Day];

    private readonly Random _random = new(seed);

    public Story Write()
    {
        var steps = new Step[_random.Next(3, 36)];
        var visitors = _random.Next(1, 4);
        for (var i = 0; i < steps.Length; i++)
        {
            var gap = Of(Chance(4) ? LongGaps : ShortGaps);
            var ago = Chance(3) ? (long?)Of(0L, 10L, 500L, 2 * Second, Minute, 10 * Minute, Hour, 3 * Day, -Minute) : null;
            var id = Chance(3) ? $"m{_random.Next(6)}" : null;
            steps[i] = Draw() with { GapMs = gap, Visitor = $"v{_random.Next(visitors)}", AgoMs = ago, MessageId = id, IsLookedFirst = Chance(2) };
        }
        var down = Chance(4) ? Enumerable.Range(1, steps.Length - 1).Where(_ => Chance(6)).ToHashSet() : [];
        return new Story(WriteTactics(), WriteOptions(down.Count > 0), steps, down);
    }

    private SessionOptions WriteOptions(bool hasRestarts) => new()
    {
        RecoveredWithinMs = Of(7 * Day, 7 * Day, Day, 2 * Hour),
        RememberForMs = Of(7 * Day, 7 * Day, Hour),
        CartLinesMax = Of(200, 3),
        // How full the bucket was is not written for clicks that change nothing else.
        ClickBurstMax = hasRestarts ? 200 : Of(200, 4, 4),
        ClicksPerSecondMax = Of(20, 2, 2, 300),
    };

    private TacticsDefinition WriteTactics()
    {
        var tactics = new List<Tactic>();
        for (var i = _random.Next(1, 7); i > 0; i--)
        {
            tactics.Add(WriteTactic($"t{i}"));
        }
        if (Chance(4))
        {
            tactics[0] = tactics[0] with { Instead = [tactics[^1].Name, "t9"] };
        }
        return new TacticsDefinition("v1", Of(0, 0, 30, 12.34), $"salt-{_random.Next(20)}", tactics);
    }

    private Tactic WriteTactic(string name)
    {
        var on = _random.Next(5) switch
        {
            0 => new Trigger(TriggerKind.PageDwell, Of(10 * Second, 45 * Second, Minute), Of(PageType.Cart, PageType.Product, PageType.Checkout, PageType.Home)),
            1 => new Trigger(TriggerKind.ExitIntent, ConfidencePercentMin: Of(0, 60)),
            2 => new Trigger(TriggerKind.Event, Event: Of(ClickKind.CouponDenied, ClickKind.ProductAdded, ClickKind.CartViewed, ClickKind.Heartbeat, ClickKind.OrderCompleted)),
            _ => new Trigger(TriggerKind.Abandoned, Of(0L, Hour, 3 * Hour, Day, 3 * Day)),
        };
        var limits = new Limits(Of(0, 1, 2), Of(0, 0, 1, 3), Of(0, 0, 1, 2));
        limits = limits with { WindowMs = limits.WindowCount > 0 ? Of(Hour, 7 * Day, 30 * Day) : 0 };
        var variants = Chance(4) ? new Variant[] { new("A", 1), new("B", 3, "other", "CODE") } : [];
        return new Tactic(
            name, on, WriteConditions(), Of(ActionKind.ChatPrompt, ActionKind.Email, ActionKind.SmsReminder, ActionKind.VipEscalation), name + "-text",
            Chance(4) ? "OFFER" : null, null, Of(0L, 0L, 2 * Minute, Hour), limits, Of(Expiries), Chance(8) ? ["t1"] : [], variants);
    }

    private Conditions WriteConditions() => Conditions.None with
    {
        Phases = Chance(3) ? [Of(Enum.GetValues<CartPhase>()), CartPhase.Carting] : [],
        Pages = Chance(8) ? [Of(PageType.Cart, PageType.Product, PageType.None)] : [],
        ValueMin = Chance(6) ? Of(0.5m, 20m, 500m) : null,
        ValueMax = Chance(8) ? Of(20m, 500m) : null,
        Currency = Chance(8) ? Currency.Parse("USD") : default,
        Consent = Chance(4) ? [Of(Channel.Sms, Channel.Email)] : [],
        Segments = Chance(8) ? [Of(VisitorSegment.New, VisitorSegment.Returning, VisitorSegment.Dormant)] : [],
        Devices = Chance(12) ? [Device.Mobile] : [],
        Locales = Chance(12) ? [Of("de", "de-CH")] : [],
    };

    private Step Draw() => _random.Next(24) switch
    {
        0 or 1 or 2 or 3 => Track("Product Added", Line() + Money()),
        4 => Track("Product Removed", Of($"\"product_id\":\"{Of(Products)}\"", $"\"product_id\":\"{Of(Products)}\",\"quantity\":1")),
        5 or 6 => Track("Cart Viewed", Chance(3) ? "" : List() + Money()),
        7 => Track("Cart Cleared", ""),
        8 or 9 => Track("Checkout Started", Chance(2) ? List() + Money() : "\"value\":250" + Money()),
        10 => Track(Of("Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered"), "\"step\":1"),
        11 or 12 => Track(Of("Order Completed", "Completed Order"), $"\"order_id\":\"o{_random.Next(3)}\"" + Of("", ",\"total\":99.5") + Money()),
        13 or 14 => Track("Exit Intent Detected", Of("", "\"confidence\":0.7", "\"confidence\":30", "\"device\":\"mobile\"")),
        15 or 16 => Track("Page Left", ""),
        17 => Track("Heartbeat", ""),
        18 => Track("Consent Updated", $"\"channel\":\"{Of("sms", "email", "all", "fax")}\",\"state\":\"{Of("granted", "withdrawn")}\""),
        19 => new Step(0, "", "identify", "", Of("{\"email\":\"a@b.example\"}", "{\"orderCount\":2,\"consent\":{\"sms\":true}}", "{\"last_order_at\":\"2025-01-01\"}"), null, null, false),
        20 => Track(Of("Coupon Denied", "Coupon Entered", "Chat Message Received", "Order Refunded", "Something Else"), "\"coupon\":\"C\",\"text\":\"HELP\""),
        21 => Track("Product Added", Of("\"quantity\":1", "\"product_id\":\"p1\",\"price\":-3", "\"product_id\":\"p1\",\"quantity\":0", Line() + ",\"currency\":\"eu\"")),
        22 => Track("Product Viewed", Line()),
        _ => new Step(0, "", "page", Of("Home", "Cart", "Product Page", "Checkout", "About us"), Of("{}", "{\"locale\":\"de-CH\",\"device\":{\"type\":\"ios\"}}"), null, null, false),
    };

    private static Step Track(string name, string properties) => new(0, "", "track", name, $"{{{properties}}}", null, null, false);

    private string Line() => $"\"product_id\":\"{Of(Products)}\",\"quantity\":{_random.Next(1, 3)}" + (Chance(5) ? "" : $",\"price\":{Of(Prices)}");

    private string List() => $"\"products\":[{string.Join(',', Enumerable.Range(0, _random.Next(0, 4)).Select(_ => $"{{{Line()}}}"))}]";

    private string Money() => Chance(6) ? $",\"currency\":\"{Of("EUR", "USD", "JPY")}\"" : "";

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Of<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
