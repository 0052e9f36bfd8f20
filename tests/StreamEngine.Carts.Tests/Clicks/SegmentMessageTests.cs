using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamEngine.Carts.Clicks;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

/// <summary>Real messages, as shops' test suites publish them: each gets a verdict, none an exception.</summary>
public sealed class SegmentMessageTests
{
    private const string Ecommerce = "data/segment-ecommerce-events/ecommerce-track-events.jsonl";
    private const string Others = "data/segment-ecommerce-events/other-events.jsonl";
    private const string Shopify = "data/segment-ecommerce-events/shopify-webhook-and-pixel-payloads.jsonl";

    // How many messages of an event name (lower case, "_" between words) became what: a kind of click, or a fault and its field.
    private const string Expected = """
          4 add_to_cart -> MissingField product_id
          1 added_to_cart -> MissingField product_id
          2 addtocart -> MissingField product_id
          2 cart_checkout -> CheckoutStarted
          1 cart_shared -> CartShared
          3 cart_viewed -> CartViewed
          8 checkout_started -> CheckoutStarted
          1 checkout_started -> MissingField product_id
          1 checkout_step_completed -> CheckoutStepCompleted
          1 checkout_step_viewed -> CheckoutStepViewed
          3 km_order_completed -> Ignored
          1 order.completed -> OrderCompleted
          2 order_cancelled -> OrderCancelled
          5 order_complete -> OrderCompleted
         54 order_completed -> OrderCompleted
          3 order_refunded -> OrderRefunded
          2 order_shipped -> Ignored
          1 order_updated -> OrderUpdated
          2 payment_info_entered -> PaymentInfoEntered
         18 product_added -> MissingField product_id
         17 product_added -> ProductAdded
          2 product_added_to_cart -> MissingField product_id
          4 product_added_to_wishlist -> ProductAddedToWishlist
          1 product_brought -> Ignored
         19 product_clicked -> ProductClicked
          4 product_deleted -> Ignored
          3 product_list_clicked -> Ignored
          3 product_list_filtered -> ProductListViewed
         14 product_list_viewed -> ProductListViewed
         11 product_purchased -> OrderCompleted
          3 product_removed -> ProductRemoved
          7 product_reviewed -> Ignored
          4 product_searched -> ProductsSearched
          1 product_seen -> ProductViewed
          1 product_shared -> ProductShared
         29 product_viewed -> ProductViewed
          5 products_searched -> ProductsSearched
         10 promotion_clicked -> Ignored
          1 promotion_viewed -> Ignored
         11 purchase -> OrderCompleted
          1 viewed_product -> ProductViewed
        """;

    [Fact]
    public void Every_ecommerce_message_gets_the_verdict_in_the_table()
    {
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var message in Messages(Ecommerce))
        {
            var name = message.GetProperty("event").GetString()!.ToLowerInvariant().Replace(' ', '_');
            var row = $"{name} -> {Verdict(message)}";
            found[row] = found.GetValueOrDefault(row) + 1;
        }
        var table = string.Join('\n', found.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Value,3} {row.Key}")));
        Assert.True(string.Equals(Expected, table, StringComparison.Ordinal), $"The table is now:\n{table}");
    }

    [Fact]
    public void Every_other_message_gets_the_verdict_that_its_type_and_event_ask_for()
    {
        foreach (var message in Messages(Others))
        {
            var verdict = Verdict(message);
            var type = Member(message, "type") is { ValueKind: JsonValueKind.String } t ? t.GetString()!.ToLowerInvariant() : "";
            var name = Member(message, "event");
            var expected = (type, name.ValueKind) switch
            {
                ("", _) => "MissingField type",
                ("identify", _) => OfIdentify(message),
                ("page" or "screen", _) => IsObjectOrAbsent(Member(message, "properties")) ? "Page" : "WrongType properties",
                ("track", JsonValueKind.Undefined or JsonValueKind.Null) => "MissingField event",
                ("track", JsonValueKind.String) when name.GetString()!.Length == 0 => "MissingField event",
                ("track", JsonValueKind.String) => Listened.GetValueOrDefault(name.GetString()!, "Ignored"),
                ("track", _) => "WrongType event",
                _ => "Ignored",
            };
            Assert.True(string.Equals(expected, verdict, StringComparison.Ordinal), $"{verdict} instead of {expected}: {message.GetRawText()}");
        }
    }

    [Fact]
    public void A_shopify_body_is_no_segment_message_pixels_are_ignored_and_webhooks_are_refused()
    {
        foreach (var body in Messages(Shopify, "request", "payload"))
        {
            var expected = Text(body, "type") is "standard" ? "Ignored" : "MissingField type";
            Assert.Equal((expected, body.GetRawText()), (Verdict(body), body.GetRawText()));
        }
    }

    private static string OfIdentify(JsonElement message)
    {
        var traits = Member(message, "traits");
        if (!IsObjectOrAbsent(traits))
        {
            return "WrongType traits";
        }
        foreach (var name in new[] { "email", "phone", "locale", "timezone" })
        {
            if (Trait(message, name).ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.True or JsonValueKind.False)
            {
                return $"WrongType {name}";
            }
        }
        return IsObjectOrAbsent(Trait(message, "consent")) ? "Identify" : "WrongType consent";
    }

    private static JsonElement Trait(JsonElement message, string name) =>
        Member(Member(message, "traits"), name) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } own
            ? own
            : Member(Member(Member(message, "context"), "traits"), name);

    private static bool IsObjectOrAbsent(JsonElement element) =>
        element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object;

    // The few names among the others that mean something here.
    private static readonly Dictionary<string, string> Listened = new(StringComparer.Ordinal)
    {
        ["checkout"] = "CheckoutStarted",
        ["CompletePayment"] = "OrderCompleted",
        ["Product Ordered"] = "OrderCompleted",
    };

    private static string Verdict(JsonElement message)
    {
        var key = Text(message, "anonymousId") ?? Text(message, "userId") ?? "visitor";
        var parser = Parser();
        var outcome = parser.Parse(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(message.GetRawText()), RecordTimeMs);
        return outcome switch
        {
            ParseOutcome.Click => parser.Click.Kind.ToString(),
            ParseOutcome.Ignored => "Ignored",
            _ => $"{parser.Fault.Reason} {parser.Fault.Field}",
        };
    }

    private static string? Text(JsonElement message, string name) =>
        Member(message, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } found ? found : null;

    private static JsonElement Member(JsonElement message, string name) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(name, out var member) ? member : default;

    private static List<JsonElement> Messages(string relativePath, params string[] members)
    {
        string[] path = members.Length > 0 ? members : ["message"];
        var file = SharedData.Find(relativePath);
        Assert.SkipWhen(file is null, SharedData.MissingMessage(relativePath));
        var messages = File.ReadLines(file!).Select(line => path.Aggregate(JsonDocument.Parse(line).RootElement, static (element, name) => element.GetProperty(name))).ToList();
        Assert.NotEmpty(messages);
        return messages;
    }
}
