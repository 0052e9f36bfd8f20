namespace StreamEngine.Carts.Actions;

public enum ActionKind : byte
{
    ChatPrompt,
    SmsReminder,
    Email,
    VipEscalation,
    CartAbandoned,
    CartRecovered,
    ActionCancelled,
}

/// <summary>Why an action was decided but not sent.</summary>
public enum HeldReason : byte
{
    None,
    HoldOut,
    LimitPerCart,
    LimitPerVisitor,
    LimitPerWindow,
    NoConsent,
    ConsentWithdrawn,
    Expired,
    Replaced,
}

/// <summary>The cart as it was when the action was decided. Texts are UTF-8, as the session has them: as strings, those of three lines took 0.5 kB an action.</summary>
public sealed record CartSnapshot(
    Sessions.CartPhase Phase, long ValueMinor, Currency Currency, IReadOnlyList<Sessions.CartLine> Lines, byte[]? CartId, byte[]? CheckoutId, byte[]? Coupon);

/// <summary>What the engine asks others to do, or a fact it tells them. <see cref="Held"/> other than None means: decided, recorded, not sent.</summary>
public sealed record CartAction
{
    public required ActionId Id { get; init; }
    public required ActionKind Kind { get; init; }
    public HeldReason Held { get; init; }
    public required Utf8Text Visitor { get; init; }
    public required int Episode { get; init; }
    public required string Tactic { get; init; }
    public required int Occurrence { get; init; }
    public string? Variant { get; init; }
    public string? Template { get; init; }
    public string? Offer { get; init; }
    public string? Agent { get; init; }

    /// <summary>When it was due in shard time, Unix ms: the deadline's instant, or the click's.</summary>
    public required long DueMs { get; init; }

    /// <summary>The channel must not send before, Unix ms.</summary>
    public required long NotBeforeMs { get; init; }

    /// <summary>The channel must not send after, Unix ms; 0 for facts, which do not expire.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>Plain sentences, most important first. Never empty.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
    public required string TacticsVersion { get; init; }
    public required CartSnapshot Cart { get; init; }

    /// <summary>Reference to the contact table; null while the visitor has told neither e-mail nor phone.</summary>
    public string? ContactRef { get; init; }

    /// <summary>UTF-8.</summary>
    public byte[]? Locale { get; init; }

    /// <summary>For <see cref="ActionKind.ActionCancelled"/>: the action that must not be sent any more.</summary>
    public ActionId Cancels { get; init; }

    /// <summary>For <see cref="ActionKind.CartRecovered"/>: the order's total if it was said, else the cart's.</summary>
    public long OrderValueMinor { get; init; }
    public Currency OrderCurrency { get; init; }
}
