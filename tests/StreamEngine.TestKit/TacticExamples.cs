using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.TestKit;

/// <summary>Tactics for tests: plain ones to change with <c>with</c>, and those that the product ships.</summary>
public static class TacticExamples
{
    private const long Minute = SessionDriver.Minute;
    private const long Hour = SessionDriver.Hour;
    private const long Day = SessionDriver.Day;

    public static TacticsDefinition None { get; } = Set();

    /// <summary>Version, hold-out of nobody, and these.</summary>
    public static TacticsDefinition Set(params IReadOnlyList<Tactic> tactics) => new("test-1", 0, "salt", tactics);

    public static Tactic Dwell(string name, PageType page, long afterMs) => Plain(name, new Trigger(TriggerKind.PageDwell, afterMs, page), ActionKind.ChatPrompt);

    public static Tactic ExitIntent(string name, int confidencePercentMin = 0) =>
        Plain(name, new Trigger(TriggerKind.ExitIntent, ConfidencePercentMin: confidencePercentMin), ActionKind.ChatPrompt);

    public static Tactic On(string name, ClickKind kind) => Plain(name, new Trigger(TriggerKind.Event, Event: kind), ActionKind.ChatPrompt);

    public static Tactic Abandoned(string name, long afterMs, ActionKind kind = ActionKind.Email) =>
        Plain(name, new Trigger(TriggerKind.Abandoned, afterMs), kind);

    /// <summary>What <c>config/tactics.yaml</c> says.</summary>
    public static TacticsDefinition Shipped(double holdOutPercent = 10) => new("2026-11-01", holdOutPercent, "holdout",
    [
        Dwell("cart-chat", PageType.Cart, 45_000) with
        {
            If = Conditions.None with { Phases = [CartPhase.Carting, CartPhase.Checkout] },
            Template = "cart-help",
            Limits = new Limits(1, 3, 2, 7 * Day),
            ExpiresMs = 30_000,
        },
        Dwell("product-question", PageType.Product, Minute) with
        {
            If = Conditions.None with { Phases = [CartPhase.Browsing, CartPhase.Carting] },
            Limits = new Limits(WindowCount: 1, WindowMs: 7 * Day),
            ExpiresMs = 30_000,
        },
        ExitIntent("stay10", 60) with
        {
            If = Conditions.None with { Phases = [CartPhase.Carting, CartPhase.Checkout] },
            Template = "stay-offer",
            Offer = "STAY10",
            Limits = new Limits(PerCart: 1),
            ExpiresMs = 10_000,
        },
        Abandoned("email-1h", Hour) with
        {
            Template = "cart-reminder",
            Limits = new Limits(1, 0, 2, 7 * Day),
            ExpiresMs = 6 * Hour,
            Variants = [new Variant("A", 50), new Variant("B", 50, "cart-reminder-question")],
        },
        Abandoned("sms-3h", 3 * Hour, ActionKind.SmsReminder) with
        {
            If = Conditions.None with { Consent = [Channel.Sms] },
            Template = "cart-sms",
            DelayMs = 2 * Minute,
            Limits = new Limits(1, 0, 1, 7 * Day),
            ExpiresMs = 6 * Hour,
        },
        Abandoned("email-24h", Day) with { Template = "cart-still-there", Limits = new Limits(1, 0, 2, 7 * Day), ExpiresMs = Day },
        Abandoned("email-72h", 3 * Day) with { Template = "cart-last-call", Offer = "BACK15", Limits = new Limits(1, 0, 1, 30 * Day), ExpiresMs = Day },
        Abandoned("vip-agent", 0, ActionKind.VipEscalation) with
        {
            If = Conditions.None with { ValueMin = 500 },
            Template = "vip-call",
            Agent = "anna.keller",
            Limits = new Limits(PerCart: 1),
            ExpiresMs = 4 * Hour,
            Instead = ["email-1h", "email-24h", "email-72h", "sms-3h"],
        },
    ]);

    /// <summary>A visitor's name that these tactics hold out, or do not.</summary>
    public static string Visitor(TacticSet tactics, bool isHeldOut)
    {
        for (var i = 0; ; i++)
        {
            var name = "visitor-" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (tactics.IsHeldOut(System.Text.Encoding.UTF8.GetBytes(name)) == isHeldOut)
            {
                return name;
            }
        }
    }

    private static Tactic Plain(string name, Trigger on, ActionKind kind) =>
        new(name, on, Conditions.None, kind, name, null, null, 0, new Limits(), Hour, [], []);
}
