using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;

namespace StreamEngine.Carts.Tactics;

/// <summary>A retailer's tactics as they were written, checked and with every unit resolved. <c>TacticSet</c> is the compiled form.</summary>
/// <param name="Version">Goes into every action, so that each can be traced to the rules that made it.</param>
/// <param name="HoldOutPercent">Share of visitors, 0 to 100, that never gets anything: what the tactics are measured against.</param>
public sealed record TacticsDefinition(string Version, double HoldOutPercent, string HoldOutSalt, IReadOnlyList<Tactic> Tactics);

public enum TriggerKind : byte
{
    /// <summary>A visitor has looked at one page for a while.</summary>
    PageDwell,
    ExitIntent,
    Event,

    /// <summary>Some time after the cart was abandoned.</summary>
    Abandoned,
}

/// <param name="AfterMs">Dwell, or offset from abandonedAt; 0 for the others.</param>
/// <param name="Page">For <see cref="TriggerKind.PageDwell"/>.</param>
/// <param name="Event">For <see cref="TriggerKind.Event"/>.</param>
/// <param name="ConfidencePercentMin">For <see cref="TriggerKind.ExitIntent"/>: weaker signals are not an exit intent; a signal without confidence counts as certain.</param>
public sealed record Trigger(TriggerKind Kind, long AfterMs = 0, PageType Page = PageType.None, ClickKind Event = ClickKind.None, int ConfidencePercentMin = 0);

public enum VisitorSegment : byte
{
    New,
    Returning,

    /// <summary>Has ordered before, but not for 180 days.</summary>
    Dormant,
}

/// <summary>All that is set must hold. An empty list, or a null, asks nothing.</summary>
/// <param name="ValueMin">Cart value in currency units, inclusive.</param>
/// <param name="ValueMax">Cart value in currency units, exclusive.</param>
/// <param name="Currency">Currency of the value range; none means the store's. A cart in another currency does not match a value range.</param>
/// <param name="Consent">Channels for which the visitor must have said yes; else the action is held back.</param>
/// <param name="Locales">Language or language-region, e.g. "de" or "de-CH": "de" matches both.</param>
public sealed record Conditions(
    IReadOnlyList<CartPhase> Phases,
    IReadOnlyList<PageType> Pages,
    decimal? ValueMin,
    decimal? ValueMax,
    Currency Currency,
    IReadOnlyList<Channel> Consent,
    IReadOnlyList<VisitorSegment> Segments,
    IReadOnlyList<Device> Devices,
    IReadOnlyList<string> Locales)
{
    public static Conditions None { get; } = new([], [], null, null, default, [], [], [], []);
}

/// <summary>How often a tactic may act. 0 means without limit.</summary>
public sealed record Limits(int PerCart = 0, int PerVisitor = 0, int WindowCount = 0, long WindowMs = 0);

/// <param name="Weight">Share relative to the other variants.</param>
/// <param name="Template">Replaces the tactic's; null keeps it. The same holds for the offer.</param>
public sealed record Variant(string Name, int Weight, string? Template = null, string? Offer = null);

/// <param name="DelayMs">The channel waits this long before it sends; a purchase in between cancels.</param>
/// <param name="ExpiresMs">How long after it was due the action is of use.</param>
/// <param name="Instead">Names of the tactics that stand back where this one's conditions hold.</param>
public sealed record Tactic(
    string Name,
    Trigger On,
    Conditions If,
    ActionKind Do,
    string Template,
    string? Offer,
    string? Agent,
    long DelayMs,
    Limits Limits,
    long ExpiresMs,
    IReadOnlyList<string> Instead,
    IReadOnlyList<Variant> Variants)
{
    public Channel Channel => Do switch
    {
        ActionKind.ChatPrompt => Channel.Chat,
        ActionKind.Email => Channel.Email,
        ActionKind.SmsReminder => Channel.Sms,
        ActionKind.VipEscalation => Channel.Agent,
        _ => Channel.None,
    };
}
