using StreamEngine.Carts;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Host.Tactics;
using Xunit;

namespace StreamEngine.Host.Tests.Tactics;

/// <summary>What each way of writing means.</summary>
public sealed class LanguageTests
{
    [Theory]
    [InlineData("45 s", 45_000)]
    [InlineData("45s", 45_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("3d", 259_200_000)]
    [InlineData("90m", 5_400_000)]
    [InlineData("90 min", 5_400_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1 h 30 min", 5_400_000)]
    [InlineData("1d 2h 3m 4s", 93_784_000)]
    [InlineData("\"2m\"", 120_000)]
    [InlineData("90d", 7_776_000_000)]
    public void A_duration_has_its_units(string text, long ms) => Assert.Equal(ms, One($"expires: {text}").ExpiresMs);

    [Theory]
    [InlineData("\">= 500\"", 500.0, null)]
    [InlineData("\">=19.90\"", 19.9, null)]
    [InlineData("< 50", null, 50.0)]
    [InlineData("20..500", 20.0, 500.0)]
    [InlineData("20 .. 500", 20.0, 500.0)]
    [InlineData("{ min: 20, max: 500 }", 20.0, 500.0)]
    [InlineData("{ min: 20 }", 20.0, null)]
    public void A_value_range_includes_its_lower_end(string text, double? min, double? max)
    {
        var conditions = One($"if: {{ value: {text}, currency: CHF }}").If;
        Assert.Equal(((decimal?)min, (decimal?)max, Currency.Parse("CHF")), (conditions.ValueMin, conditions.ValueMax, conditions.Currency));
    }

    [Fact]
    public void A_condition_is_a_word_or_a_list()
    {
        var conditions = One("if: { phase: carting, page: [cart, other], consent: [sms, email], segment: new, device: [mobile, tablet], locale: [de, fr-CH] }").If;
        Assert.Equal([CartPhase.Carting], conditions.Phases);
        Assert.Equal([PageType.Cart, PageType.Other], conditions.Pages);
        Assert.Equal([Channel.Sms, Channel.Email], conditions.Consent);
        Assert.Equal([VisitorSegment.New], conditions.Segments);
        Assert.Equal([Device.Mobile, Device.Tablet], conditions.Devices);
        Assert.Equal(["de", "fr-CH"], conditions.Locales);
    }

    [Fact]
    public void What_is_left_out_asks_nothing_and_limits_nothing()
    {
        var tactic = One("");
        Assert.Equal(Conditions.None, tactic.If);
        Assert.Equal(new Limits(), tactic.Limits);
        Assert.Empty(tactic.Instead);
        Assert.Empty(tactic.Variants);
        Assert.Equal((null, null, 0L), (tactic.Offer, tactic.Agent, tactic.DelayMs));
    }

    [Theory]
    [InlineData("chat_prompt", ActionKind.ChatPrompt, 30)]
    [InlineData("email", ActionKind.Email, 86_400)]
    [InlineData("sms_reminder", ActionKind.SmsReminder, 21_600)]
    [InlineData("vip_escalation", ActionKind.VipEscalation, 14_400)]
    public void Without_expires_an_action_is_of_use_as_long_as_its_channel(string word, ActionKind kind, int seconds)
    {
        var tactic = Assert.Single(Parse($"version: v1\ntactics: [{{ name: a, on: exit_intent, do: {{ {word}: t }} }}]").Tactics);
        Assert.Equal((kind, seconds * 1000L), (tactic.Do, tactic.ExpiresMs));
    }

    [Fact]
    public void Every_event_of_the_clickstream_can_be_a_trigger()
    {
        foreach (var kind in Enum.GetValues<ClickKind>().Where(k => k != ClickKind.None))
        {
            var word = string.Concat(kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{c}")).ToLowerInvariant();
            Assert.Equal(new Trigger(TriggerKind.Event, Event: kind), OnTrigger($"{{ event: {word} }}"));
        }
    }

    [Theory]
    [InlineData("exit_intent", 0)]
    [InlineData("{ exit_intent: { confidence: 60% } }", 60)]
    [InlineData("{ exit_intent: { confidence: 100 % } }", 100)]
    public void An_exit_intent_may_ask_for_confidence(string on, int percent) =>
        Assert.Equal(new Trigger(TriggerKind.ExitIntent, ConfidencePercentMin: percent), OnTrigger(on));

    [Theory]
    [InlineData("", 0)]
    [InlineData("holdout: 10%", 10)]
    [InlineData("holdout: 2.5 %", 2.5)]
    [InlineData("holdout: 100%", 100)]
    public void A_hold_out_is_a_share(string line, double percent) =>
        Assert.Equal(percent, Parse($"version: v1\n{line}\ntactics: [{{ name: a, on: exit_intent, do: {{ email: t }} }}]").HoldOutPercent);

    [Fact]
    public void Unquoted_digits_are_a_good_version() =>
        Assert.Equal("1.10", Parse("version: 1.10\ntactics: [{ name: 7, on: exit_intent, do: { email: 404 } }]").Version);

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_do_no_harm() =>
        Assert.Equal("v1", Parse("\uFEFFversion: v1\r\ntactics:\r\n  - name: a\r\n    on: exit_intent\r\n    do: { email: t }\r\n").Version);

    private static Tactic One(string line) =>
        Assert.Single(Parse($"version: v1\ntactics:\n  - name: a\n    on: exit_intent\n    do: {{ chat_prompt: t }}\n    {line}\n").Tactics);

    private static Trigger OnTrigger(string on) =>
        Assert.Single(Parse($"version: v1\ntactics:\n  - name: a\n    on: {on}\n    do: {{ chat_prompt: t }}\n").Tactics).On;

    private static TacticsDefinition Parse(string yaml)
    {
        var result = TacticsFile.Parse(yaml, "t.yaml");
        Assert.Empty(result.Mistakes);
        return result.Definition!;
    }
}
