using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Host.Tactics.Shapes;

namespace StreamEngine.Host.Tactics;

/// <summary>The words of the engine as they stand in an English sentence.</summary>
internal static class TacticWords
{
    public static string Of(PageType page) => page switch
    {
        PageType.Home => "home",
        PageType.Listing => "listing",
        PageType.Product => "product",
        PageType.Cart => "cart",
        PageType.Checkout => "checkout",
        _ => "other",
    };

    public static string Of(ClickKind kind) => WordShape<ClickKind>.WordOf(kind).Replace('_', ' ');

    public static string Of(CartPhase phase) => phase switch
    {
        CartPhase.Browsing => "while browsing",
        CartPhase.Carting => "while carting",
        CartPhase.Checkout => "in checkout",
        CartPhase.Purchased => "after the purchase",
        CartPhase.Abandoned => "while abandoned",
        CartPhase.Recovered => "once recovered",
        _ => "once lapsed",
    };

    public static string Of(Channel channel) => channel switch
    {
        Channel.Chat => "chat",
        Channel.Email => "e-mail",
        Channel.Sms => "SMS",
        _ => "agents",
    };

    public static string Of(ActionKind kind) => kind switch
    {
        ActionKind.ChatPrompt => "chat prompt",
        ActionKind.Email => "e-mail",
        ActionKind.SmsReminder => "SMS",
        _ => "VIP escalation",
    };

    public static string Of(VisitorSegment segment) => WordShape<VisitorSegment>.WordOf(segment);

    public static string Of(Device device) => WordShape<Device>.WordOf(device);

    /// <summary>"a", "a or b", "a, b or c".</summary>
    public static string Join(IEnumerable<string> words, string last)
    {
        var all = words.ToList();
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all.SkipLast(1))} {last} {all[^1]}";
    }

    public static string Times(int count) => count switch
    {
        1 => "once",
        2 => "twice",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} times"),
    };
}
