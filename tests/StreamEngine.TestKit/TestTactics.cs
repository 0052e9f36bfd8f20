using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.TestKit;

/// <summary>A handful of tactics like those that are shipped, without a hold-out.</summary>
public static class TestTactics
{
    public const string CartChat = "cart-chat";
    public const string Email1H = "email-1h";
    public const string Sms3H = "sms-3h";
    public const long CartChatMs = 45_000;
    public const long HourMs = 3_600_000;

    public static TacticsDefinition Definition { get; } = new("test-1", 0, "salt",
    [
            Tactic(CartChat, new Trigger(TriggerKind.PageDwell, CartChatMs, PageType.Cart), ActionKind.ChatPrompt, 30_000, new Limits(PerCart: 1)) with
            {
                If = Conditions.None with { Phases = [CartPhase.Carting, CartPhase.Checkout] },
            },
            Tactic("product-chat", new Trigger(TriggerKind.PageDwell, 60_000, PageType.Product), ActionKind.ChatPrompt, 30_000, new Limits(PerVisitor: 1)),
            Tactic(Email1H, new Trigger(TriggerKind.Abandoned, HourMs), ActionKind.Email, 7 * 24 * HourMs, new Limits(PerCart: 1)),
            Tactic(Sms3H, new Trigger(TriggerKind.Abandoned, 3 * HourMs), ActionKind.SmsReminder, 24 * HourMs, new Limits(PerCart: 1)) with
            {
                If = Conditions.None with { Consent = [Channel.Sms] },
            },
    ]);

    public static TacticSet Standard { get; } = TacticSet.Compile(Definition, Currency.Parse("EUR"));

    private static Tactic Tactic(string name, Trigger on, ActionKind kind, long expiresMs, Limits limits) =>
        new(name, on, Conditions.None, kind, name, null, null, 0, limits, expiresMs, [], []);
}
