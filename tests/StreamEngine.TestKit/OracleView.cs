using System.Text;
using System.Text.Json;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Stores;
using StreamEngine.Oracle;

namespace StreamEngine.TestKit;

/// <summary>What the engine wrote, in the oracle's terms.</summary>
public static class OracleView
{
    public static OracleDecision DecisionOf(ActionRow row)
    {
        using var json = JsonDocument.Parse(row.Data);
        var action = json.RootElement;
        var cart = action.GetProperty("cart");
        return new OracleDecision(
            row.Id.ToString(), row.Visitor.ToString(), row.Kind, row.Tactic, row.Episode, action.GetProperty("occurrence").GetInt32(), row.Held ?? "", row.DueMs, row.NotBeforeMs, row.ExpiresMs, row.Variant ?? "",
            Text("template"), Text("offer"), Capitalized(cart.GetProperty("phase").GetString()!), cart.GetProperty("valueMinor").GetInt64(),
            cart.GetProperty("currency").GetString()!, string.Join(", ", cart.GetProperty("lines").EnumerateArray().Select(LineOf)));

        string Text(string name) => action.TryGetProperty(name, out var value) ? value.GetString()! : "";
    }

    public static OracleEnding EndingOf(CartSession session)
    {
        var lines = session.Lines.Span.ToArray().Select(l => $"{Utf8(l.Product)} x {l.Quantity} @ {(l.PriceMinor < 0 ? "?" : $"{l.PriceMinor}")}");
        return new OracleEnding(
            Utf8(session.Visitor), session.Phase.ToString(), session.Episode, session.ValueMinor, session.Currency.ToString(), string.Join(", ", lines), IsDurable: true);

        static string Utf8(byte[] text) => Encoding.UTF8.GetString(text);
    }

    private static string LineOf(JsonElement line) =>
        $"{line.GetProperty("product").GetString()} x {line.GetProperty("quantity")} @ {(line.TryGetProperty("priceMinor", out var price) ? price.ToString() : "?")}";

    private static string Capitalized(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
