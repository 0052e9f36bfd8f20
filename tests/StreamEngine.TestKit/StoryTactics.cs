using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.TestKit;

/// <summary>A tactic of every trigger, with limits, consent, delay, replacement and a hold-out.</summary>
public static class StoryTactics
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Conditions OpenCart = Conditions.None with { Phases = [CartPhase.Carting, CartPhase.Checkout] };

    public static IReadOnlyList<Tactic> All { get; } =
    [
        TacticExamples.Dwell("cart-chat", PageType.Cart, 45_000) with { If = OpenCart, Limits = new Limits(PerCart: 1), ExpiresMs = 30_000 },
        TacticExamples.ExitIntent("stay10", 60) with { If = OpenCart, Limits = new Limits(PerCart: 1), ExpiresMs = 10_000 },
        TacticExamples.On("coupon-help", ClickKind.CouponDenied) with { If = OpenCart, Limits = new Limits(WindowCount: 2, WindowMs: 2 * Hour), ExpiresMs = Minute },
        TacticExamples.Abandoned("email-1h", Hour) with { Limits = new Limits(PerVisitor: 2), ExpiresMs = 6 * Hour },
        TacticExamples.Abandoned("sms-3h", 3 * Hour, ActionKind.SmsReminder) with
        {
            If = Conditions.None with { Consent = [Channel.Sms] }, DelayMs = 2 * Minute, Limits = new Limits(PerCart: 1), ExpiresMs = 6 * Hour,
        },
        TacticExamples.Abandoned("vip-agent", 0, ActionKind.VipEscalation) with
        {
            If = Conditions.None with { ValueMin = 500 }, Limits = new Limits(PerCart: 1), ExpiresMs = 4 * Hour, Instead = ["email-1h"],
        },
    ];

    public static Tactic EmailNextDay { get; } = TacticExamples.Abandoned("email-24h", 24 * Hour) with { Limits = new Limits(WindowCount: 2, WindowMs: 48 * Hour), ExpiresMs = 24 * Hour };

    public static TacticsDefinition Standard { get; } = TacticExamples.Set(All) with { HoldOutPercent = 20 };

    /// <summary>Nothing that was decided changes what is decided later: an action that is held back as expired does not count against a limit.</summary>
    public static TacticsDefinition WithoutLimits { get; } = TacticExamples.Set([.. All.Select(tactic => tactic with { Limits = new Limits() })]);
}
