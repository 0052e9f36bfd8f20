using System.Text;
using System.Text.Json;
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
        var json = pen.Json;
        json.WriteStartObject();
        pen.Id("id", action.Id);
        json.WriteString("action", WordOf(action.Kind));
        json.WriteString("visitor", action.Visitor.Bytes.Span);
        json.WriteNumber("episode", action.Episode);
        json.WriteString("tactic", action.Tactic);
        json.WriteNumber("occurrence", action.Occurrence);
        pen.Text("variant", action.Variant);
        json.WriteString("tacticsVersion", action.TacticsVersion);
        pen.Text("template", action.Template);
        pen.Text("offer", action.Offer);
        pen.Text("agent", action.Agent);
        pen.Text("contactRef", action.ContactRef);
        pen.Text("locale", action.Locale);
        pen.Time("dueAt", action.DueMs);
        pen.Time("notBefore", action.NotBeforeMs);
        if (action.ExpiresMs != 0)
        {
            pen.Time("expiresAt", action.ExpiresMs);
        }
        WriteReasons(json, action.Reasons);
        pen.Text("held", action.Held == HeldReason.None ? null : WordOf(action.Held));
        if (action.Cancels != default)
        {
            pen.Id("cancels", action.Cancels);
        }
        if (action.Kind == ActionKind.CartRecovered)
        {
            json.WriteNumber("orderValueMinor", action.OrderValueMinor);
            pen.Code("orderCurrency", action.OrderCurrency);
        }
        WriteCart(pen, action.Cart, withLines);
        json.WriteEndObject();
        return pen.End();
    }

    public static string Timestamp(long unixMs) => Encoding.ASCII.GetString(Rfc3339.Write(unixMs, stackalloc byte[Rfc3339.BytesMax]));

    /// <param name="text">Takes <see cref="TimestampBytesMax"/>.</param>
    /// <returns>Its part that is the time.</returns>
    public static Memory<byte> Timestamp(long unixMs, Memory<byte> text) => text[..Rfc3339.Write(unixMs, text.Span).Length];

    private static void WriteReasons(Utf8JsonWriter json, List<string> reasons)
    {
        json.WriteStartArray("reason");
        foreach (var reason in reasons)
        {
            json.WriteStringValue(reason);
        }
        json.WriteEndArray();
    }

    private static void WriteCart(DocumentPen pen, CartSnapshot cart, bool withLines)
    {
        var json = pen.Json;
        json.WriteStartObject("cart");
        json.WriteString("phase", WordOf(cart.Phase));
        json.WriteNumber("valueMinor", cart.ValueMinor);
        pen.Code("currency", cart.Currency);
        pen.Text("cartId", cart.CartId);
        pen.Text("checkoutId", cart.CheckoutId);
        pen.Text("coupon", cart.Coupon);
        if (!withLines)
        {
            json.WriteNumber("linesOmitted", cart.Lines.Count);
        }
        json.WriteStartArray("lines");
        for (var i = 0; withLines && i < cart.Lines.Count; i++)
        {
            WriteLine(pen, cart.Lines[i]);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLine(DocumentPen pen, in CartLine line)
    {
        var json = pen.Json;
        json.WriteStartObject();
        json.WriteString("product", line.Product);
        pen.Text("name", line.Name);
        json.WriteNumber("quantity", line.Quantity);
        if (line.PriceMinor >= 0)
        {
            json.WriteNumber("priceMinor", line.PriceMinor);
        }
        json.WriteEndObject();
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
