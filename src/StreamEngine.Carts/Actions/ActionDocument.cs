using System.Text;
using StreamEngine.Carts.Sessions;

namespace StreamEngine.Carts.Actions;

/// <summary>
/// An action as others see it: the JSON data of its CloudEvent. Times are RFC 3339 in UTC, money is minor units with its currency.
/// It names the visitor and a contact reference, never a phone number or an e-mail address.
/// </summary>
public static class ActionDocument
{
    /// <summary>The <c>ce_type</c>, e.g. "streamengine.chat_prompt".</summary>
    public static string TypeOf(ActionKind kind) => "streamengine." + WordOf(kind);

    public static string WordOf(ActionKind kind) => kind switch
    {
        ActionKind.ChatPrompt => "chat_prompt",
        ActionKind.SmsReminder => "sms_reminder",
        ActionKind.Email => "email",
        ActionKind.VipEscalation => "vip_escalation",
        ActionKind.CartAbandoned => "cart_abandoned",
        ActionKind.CartRecovered => "cart_recovered",
        ActionKind.ActionCancelled => "action_cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Its name: from a table, since an enum that tells its own is boxed for it.</summary>
    public static string WordOf(HeldReason held) => HeldWords[(int)held];

    private static readonly string[] HeldWords = Enum.GetNames<HeldReason>();

    /// <summary>Brokers take 1 MB by default. A larger snapshot, which only a hostile cart has, is written without its lines and says how many were left out.</summary>
    public const int BytesMax = 512 * 1024;

    public const int TimestampBytesMax = Rfc3339.BytesMax;

    /// <returns>Holds until the thread writes its next document.</returns>
    public static ReadOnlySpan<byte> Write(CartAction action)
    {
        var document = Write(action, withLines: true);
        return document.Length <= BytesMax ? document : Write(action, withLines: false);
    }

    private static ReadOnlySpan<byte> Write(CartAction action, bool withLines)
    {
        var pen = DocumentPen.Begin();
        pen.Open('{');
        pen.Id("id"u8, action.Id);
        pen.Text("action"u8, WordOf(action.Kind));
        pen.Text("visitor"u8, action.Visitor.Bytes.Span);
        pen.Number("episode"u8, action.Episode);
        pen.Text("tactic"u8, action.Tactic);
        pen.Number("occurrence"u8, action.Occurrence);
        pen.TextIfAny("variant"u8, action.Variant);
        pen.Text("tacticsVersion"u8, action.TacticsVersion);
        pen.TextIfAny("template"u8, action.Template);
        pen.TextIfAny("offer"u8, action.Offer);
        pen.TextIfAny("agent"u8, action.Agent);
        pen.TextIfAny("contactRef"u8, action.ContactRef);
        pen.TextIfAny("locale"u8, action.Locale);
        pen.Time("dueAt"u8, action.DueMs);
        pen.Time("notBefore"u8, action.NotBeforeMs);
        if (action.ExpiresMs != 0)
        {
            pen.Time("expiresAt"u8, action.ExpiresMs);
        }
        WriteReasons(pen, action.Reasons);
        pen.TextIfAny("held"u8, action.Held == HeldReason.None ? null : WordOf(action.Held));
        if (action.Cancels != default)
        {
            pen.Id("cancels"u8, action.Cancels);
        }
        if (action.Kind == ActionKind.CartRecovered)
        {
            pen.Number("orderValueMinor"u8, action.OrderValueMinor);
            pen.Code("orderCurrency"u8, action.OrderCurrency);
        }
        WriteCart(pen, action.Cart, withLines);
        pen.Close('}');
        return pen.End();
    }

    public static string Timestamp(long unixMs) => Encoding.ASCII.GetString(Rfc3339.Write(unixMs, stackalloc byte[Rfc3339.BytesMax]));

    /// <param name="text">Takes <see cref="TimestampBytesMax"/>.</param>
    /// <returns>Its part that is the time.</returns>
    public static Memory<byte> Timestamp(long unixMs, Memory<byte> text) => text[..Rfc3339.Write(unixMs, text.Span).Length];

    private static void WriteReasons(DocumentPen pen, List<string> reasons)
    {
        pen.Open("reason"u8, '[');
        foreach (var reason in reasons)
        {
            pen.Text(reason);
        }
        pen.Close(']');
    }

    private static void WriteCart(DocumentPen pen, CartSnapshot cart, bool withLines)
    {
        pen.Open("cart"u8, '{');
        pen.Text("phase"u8, WordOf(cart.Phase));
        pen.Number("valueMinor"u8, cart.ValueMinor);
        pen.Code("currency"u8, cart.Currency);
        pen.TextIfAny("cartId"u8, cart.CartId);
        pen.TextIfAny("checkoutId"u8, cart.CheckoutId);
        pen.TextIfAny("coupon"u8, cart.Coupon);
        if (!withLines)
        {
            pen.Number("linesOmitted"u8, cart.Lines.Count);
        }
        pen.Open("lines"u8, '[');
        for (var i = 0; withLines && i < cart.Lines.Count; i++)
        {
            WriteLine(pen, cart.Lines[i]);
        }
        pen.Close(']');
        pen.Close('}');
    }

    private static void WriteLine(DocumentPen pen, in CartLine line)
    {
        pen.Open('{');
        pen.Text("product"u8, line.Product);
        pen.TextIfAny("name"u8, line.Name);
        pen.Number("quantity"u8, line.Quantity);
        if (line.PriceMinor >= 0)
        {
            pen.Number("priceMinor"u8, line.PriceMinor);
        }
        pen.Close('}');
    }

    private static string WordOf(CartPhase phase) => phase switch
    {
        CartPhase.Browsing => "browsing",
        CartPhase.Carting => "carting",
        CartPhase.Checkout => "checkout",
        CartPhase.Purchased => "purchased",
        CartPhase.Abandoned => "abandoned",
        CartPhase.Recovered => "recovered",
        CartPhase.Lapsed => "lapsed",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };
}
