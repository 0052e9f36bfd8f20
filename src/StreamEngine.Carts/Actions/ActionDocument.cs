using System.Buffers;
using System.Globalization;
using System.Text.Json;

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

    /// <summary>Brokers take 1 MB by default. A larger snapshot, which only a hostile cart has, is written without its lines and says how many were left out.</summary>
    public const int BytesMax = 512 * 1024;

    public static byte[] Write(CartAction action)
    {
        var document = Write(action, withLines: true);
        return document.Length <= BytesMax ? document : Write(action, withLines: false);
    }

    private static byte[] Write(CartAction action, bool withLines)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", action.Id.ToString());
            json.WriteString("action", WordOf(action.Kind));
            json.WriteString("visitor", action.Visitor);
            json.WriteNumber("episode", action.Episode);
            json.WriteString("tactic", action.Tactic);
            json.WriteNumber("occurrence", action.Occurrence);
            WriteOptional(json, "variant", action.Variant);
            json.WriteString("tacticsVersion", action.TacticsVersion);
            WriteOptional(json, "template", action.Template);
            WriteOptional(json, "offer", action.Offer);
            WriteOptional(json, "agent", action.Agent);
            WriteOptional(json, "contactRef", action.ContactRef);
            WriteOptional(json, "locale", action.Locale);
            json.WriteString("dueAt", Timestamp(action.DueMs));
            json.WriteString("notBefore", Timestamp(action.NotBeforeMs));
            WriteOptional(json, "expiresAt", action.ExpiresMs == 0 ? null : Timestamp(action.ExpiresMs));
            json.WriteStartArray("reason");
            foreach (var reason in action.Reasons)
            {
                json.WriteStringValue(reason);
            }
            json.WriteEndArray();
            WriteOptional(json, "held", action.Held == HeldReason.None ? null : action.Held.ToString());
            WriteOptional(json, "cancels", action.Cancels == default ? null : action.Cancels.ToString());
            if (action.Kind == ActionKind.CartRecovered)
            {
                json.WriteNumber("orderValueMinor", action.OrderValueMinor);
                json.WriteString("orderCurrency", action.OrderCurrency.ToString());
            }
            WriteCart(json, action.Cart, withLines);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static string Timestamp(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteCart(Utf8JsonWriter json, CartSnapshot cart, bool withLines)
    {
        json.WriteStartObject("cart");
        json.WriteString("phase", cart.Phase.ToString().ToLowerInvariant());
        json.WriteNumber("valueMinor", cart.ValueMinor);
        json.WriteString("currency", cart.Currency.ToString());
        WriteOptional(json, "cartId", cart.CartId);
        WriteOptional(json, "checkoutId", cart.CheckoutId);
        WriteOptional(json, "coupon", cart.Coupon);
        if (!withLines)
        {
            json.WriteNumber("linesOmitted", cart.Lines.Count);
        }
        json.WriteStartArray("lines");
        foreach (var line in withLines ? cart.Lines : [])
        {
            json.WriteStartObject();
            json.WriteString("product", line.Product);
            WriteOptional(json, "name", line.Name.Length == 0 ? null : line.Name);
            json.WriteNumber("quantity", line.Quantity);
            if (line.PriceMinor >= 0)
            {
                json.WriteNumber("priceMinor", line.PriceMinor);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
