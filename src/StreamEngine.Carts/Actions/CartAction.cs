using System.Runtime.InteropServices;
using StreamEngine.Carts.Sessions;

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
public sealed record CartSnapshot
{
    /// <summary>Places that a hostile cart took do not stay with the turn that told it.</summary>
    private const int LinesKeptMax = 64;

    public CartPhase Phase { get; set; }
    public long ValueMinor { get; set; }
    public Currency Currency { get; set; }
    public List<CartLine> Lines { get; private init; } = [];
    public List<byte> CartId { get; private init; } = [];
    public List<byte> CheckoutId { get; private init; } = [];
    public byte[]? Coupon { get; set; }

    /// <summary>How often a session's cart was taken: an object and this number name one state. 0: filled by hand.</summary>
    internal int Takes { get; private set; }

    public CartSnapshot Kept() => this with { Lines = [.. Lines], CartId = [.. CartId], CheckoutId = [.. CheckoutId], Takes = 0 };

    /// <summary>The session's cart is as it was taken.</summary>
    internal bool IsOf(CartSession session)
    {
        ref readonly var extras = ref session.Extras;
        return (Phase, Currency) == (session.Phase, session.Currency) && ReferenceEquals(Coupon, extras.Coupon)
            && CollectionsMarshal.AsSpan(Lines).SequenceEqual(session.Lines.Span) && ValueMinor == session.ValueMinor
            && CollectionsMarshal.AsSpan(CartId).SequenceEqual(extras.CartId.Span) && CollectionsMarshal.AsSpan(CheckoutId).SequenceEqual(extras.CheckoutId.Span);
    }

    internal void Take(CartSession session)
    {
        Takes++;
        (Phase, ValueMinor, Currency) = (session.Phase, session.ValueMinor, session.Currency);
        ref readonly var extras = ref session.Extras;
        Coupon = extras.Coupon;
        CartId.Clear();
        CartId.AddRange(extras.CartId.Span);
        CheckoutId.Clear();
        CheckoutId.AddRange(extras.CheckoutId.Span);
        Lines.Clear();
        if (Lines.Capacity > LinesKeptMax)
        {
            Lines.TrimExcess();
        }
        Lines.AddRange(session.Lines.Span);
    }
}

/// <summary>
/// What the engine asks others to do, or a fact it tells them. <see cref="Held"/> other than None means: decided, recorded, not sent. It belongs to a
/// <see cref="CartTurn"/>, which uses it again: <see cref="Kept"/> for who looks later.
/// </summary>
public sealed record CartAction
{
    public ActionId Id { get; set; }
    public ActionKind Kind { get; set; }
    public HeldReason Held { get; set; }
    public Utf8Text Visitor { get; set; }
    public int Episode { get; set; }
    public string Tactic { get; set; } = "";
    public int Occurrence { get; set; }
    public string? Variant { get; set; }
    public string? Template { get; set; }
    public string? Offer { get; set; }
    public string? Agent { get; set; }

    /// <summary>When it was due in shard time, Unix ms: the deadline's instant, or the click's.</summary>
    public long DueMs { get; set; }

    /// <summary>The channel must not send before, Unix ms.</summary>
    public long NotBeforeMs { get; set; }

    /// <summary>The channel must not send after, Unix ms; 0 for facts, which do not expire.</summary>
    public long ExpiresMs { get; set; }

    /// <summary>Plain sentences, most important first. Never empty.</summary>
    public List<string> Reasons { get; private init; } = new(4);
    public string TacticsVersion { get; set; } = "";
    public CartSnapshot Cart { get; internal set; } = new();

    /// <summary>Reference to the contact table; null while the visitor has told neither e-mail nor phone.</summary>
    public string? ContactRef { get; set; }

    /// <summary>UTF-8.</summary>
    public byte[]? Locale { get; set; }

    /// <summary>For <see cref="ActionKind.ActionCancelled"/>: the action that must not be sent any more.</summary>
    public ActionId Cancels { get; set; }

    /// <summary>For <see cref="ActionKind.CartRecovered"/>: the order's total if it was said, else the cart's.</summary>
    public long OrderValueMinor { get; set; }
    public Currency OrderCurrency { get; set; }

    /// <summary>The same in an object of its own.</summary>
    public CartAction Kept() => this with { Reasons = [.. Reasons], Cart = Cart.Kept() };

    /// <summary>Takes away what not every decision sets.</summary>
    internal void Clear()
    {
        Held = HeldReason.None;
        (Variant, Template, Offer, Agent) = (null, null, null, null);
        Reasons.Clear();
        Cancels = default;
        (OrderValueMinor, OrderCurrency) = (0, default);
    }
}
