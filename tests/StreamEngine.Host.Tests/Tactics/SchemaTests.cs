using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Host.Tactics;
using Xunit;

namespace StreamEngine.Host.Tests.Tactics;

/// <summary>The committed schema says what the reader does: the same keys, the same words, the same patterns.</summary>
public sealed class SchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(File.ReadAllText(ShippedFile.Schema))!.AsObject();

    [Fact]
    public void The_committed_schema_is_in_step_with_the_language() =>
        Assert.True(
            string.Equals(TacticsSchema.Write(), File.ReadAllText(ShippedFile.Schema).ReplaceLineEndings("\n"), StringComparison.Ordinal),
            "config/tactics.schema.json is out of step with the language: run  streamengine tactics schema > config/tactics.schema.json");

    [Fact]
    public void The_schema_knows_exactly_these_keys()
    {
        var keys = Objects(Schema).SelectMany(o => o["properties"]!.AsObject().Select(p => p.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        string[] language =
        [
            "version", "holdout", "holdout_salt", "tactics",
            "name", "on", "if", "do", "limit", "expires", "instead", "experiment",
            "page_dwell", "after", "exit_intent", "confidence", "event", "abandoned",
            "phase", "page", "value", "min", "max", "currency", "consent", "segment", "device", "locale",
            "chat_prompt", "email", "sms_reminder", "vip_escalation", "offer", "agent", "delay",
            "per_cart", "per_visitor", "window", "count", "every",
            "variants", "weight", "template",
        ];
        Assert.Equal(language.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public void No_group_takes_unknown_keys_and_every_key_is_described()
    {
        Assert.All(Objects(Schema), o => Assert.False(o["additionalProperties"]!.GetValue<bool>()));
        var properties = Objects(Schema).SelectMany(o => o["properties"]!.AsObject());
        Assert.All(properties, p => Assert.True(p.Value!["description"]!.GetValue<string>().Length > 10, p.Key));
    }

    [Fact]
    public void The_words_are_the_members_of_the_enums()
    {
        AssertWords("page", Enum.GetNames<PageType>().Skip(1));
        AssertWords("phase", Enum.GetNames<CartPhase>());
        AssertWords("event", Enum.GetNames<ClickKind>().Skip(1));
        AssertWords("channel", Enum.GetNames<Channel>().Skip(1));
        AssertWords("segment", Enum.GetNames<VisitorSegment>());
        AssertWords("device", Enum.GetNames<Device>().Skip(1));
    }

    [Theory]
    [InlineData("45 s")]
    [InlineData("1h30m")]
    [InlineData("3d")]
    [InlineData("1d 2h 3min 4s")]
    [InlineData("45")]
    [InlineData("soon")]
    [InlineData("30m1h")]
    [InlineData("-1h")]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1h ")]
    public void Durations_are_judged_alike(string text) =>
        AssertAlike(Schema["$defs"]!["duration"]!, text, $"version: v1\ntactics: [{{ name: a, on: {{ abandoned: \"{text}\" }}, do: {{ email: t }} }}]");

    [Theory]
    [InlineData(">= 500")]
    [InlineData("<50.5")]
    [InlineData("20..500")]
    [InlineData("> 500")]
    [InlineData("500")]
    [InlineData(">= 1,000")]
    [InlineData(">= 1.2345")]
    [InlineData("..500")]
    public void Value_ranges_are_judged_alike(string text) => AssertAlike(
        Tactic()["if"]!["properties"]!["value"]!["anyOf"]![0]!, text,
        $"version: v1\ntactics: [{{ name: a, on: exit_intent, if: {{ value: \"{text}\" }}, do: {{ email: t }} }}]");

    [Theory]
    [InlineData("10%")]
    [InlineData("0 %")]
    [InlineData("100%")]
    [InlineData("99.9999%")]
    [InlineData("100.1%")]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("10")]
    public void Shares_are_judged_alike(string text) => AssertAlike(
        Schema["properties"]!["holdout"]!, text, $"version: v1\nholdout: \"{text}\"\ntactics: [{{ name: a, on: exit_intent, do: {{ email: t }} }}]");

    [Fact]
    public void What_a_tactic_needs_is_needed_in_the_schema_too()
    {
        Assert.Equal(["version", "tactics"], Schema["required"]!.AsArray().Select(n => n!.GetValue<string>()), StringComparer.Ordinal);
        Assert.Equal(["name", "on", "do"], Schema["properties"]!["tactics"]!["items"]!["required"]!.AsArray().Select(n => n!.GetValue<string>()), StringComparer.Ordinal);
    }

    private static JsonObject Tactic() => Schema["properties"]!["tactics"]!["items"]!["properties"]!.AsObject();

    private static void AssertAlike(JsonNode scalar, string text, string yaml)
    {
        var match = Regex.Match(text, scalar["pattern"]!.GetValue<string>(), RegexOptions.ECMAScript, TimeSpan.FromSeconds(1));
        Assert.Equal(match.Success, TacticsFile.Parse(yaml, "t.yaml").Mistakes.Count == 0);
    }

    private static void AssertWords(string part, IEnumerable<string> members)
    {
        var words = Schema["$defs"]![part]!["enum"]!.AsArray().Select(n => n!.GetValue<string>());
        Assert.Equal(members.Select(m => Regex.Replace(m, "(?<!^)(?=[A-Z])", "_", RegexOptions.None, TimeSpan.FromSeconds(1)).ToLowerInvariant()), words, StringComparer.Ordinal);
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Objects(p.Value)).Concat(o["properties"] is JsonObject && o["type"] is JsonValue ? [o] : []),
        JsonArray a => a.SelectMany(Objects),
        _ => [],
    };
}
