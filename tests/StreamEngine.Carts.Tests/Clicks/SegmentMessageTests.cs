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

    // Event name in lower case with "_" between words; what became of its messages; how many.
    private const string Expected = """
        none yet
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
        Assert.Equal(Expected, string.Join('\n', found.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Key} x {row.Value}"))));
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
                ("identify", _) => Member(message, "traits").ValueKind is JsonValueKind.Undefined or JsonValueKind.Object ? "Identify" : "WrongType traits",
                ("page" or "screen", _) => Member(message, "properties").ValueKind is JsonValueKind.Undefined or JsonValueKind.Object ? "Page" : "WrongType properties",
                ("track", JsonValueKind.Undefined or JsonValueKind.Null) => "MissingField event",
                ("track", JsonValueKind.String) when name.GetString()!.Length == 0 => "MissingField event",
                ("track", JsonValueKind.String) => Listened.GetValueOrDefault(name.GetString()!, "Ignored"),
                ("track", _) => "WrongType event",
                _ => "Ignored",
            };
            Assert.True(string.Equals(expected, verdict, StringComparison.Ordinal), $"{verdict} instead of {expected}: {message.GetRawText()}");
        }
    }

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

    private static JsonElement Member(JsonElement message, string name) => message.TryGetProperty(name, out var member) ? member : default;

    private static List<JsonElement> Messages(string relativePath)
    {
        var path = SharedData.Find(relativePath);
        Assert.SkipWhen(path is null, SharedData.MissingMessage(relativePath));
        var messages = File.ReadLines(path!).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message")).ToList();
        Assert.NotEmpty(messages);
        return messages;
    }
}
