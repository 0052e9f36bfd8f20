using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

/// <summary>Who the visitor is, allows, says and does: identify and the engine's own events.</summary>
public sealed class VisitorClickTests
{
    [Fact]
    public void Identify_tells_contact_history_and_consent()
    {
        var click = Click("""
            {"type":"identify","context":{"locale":"en-US","timezone":"UTC"},"traits":{"email":"a@b.example","phone":"+41790000000","locale":"de-CH",
             "timezone":"Europe/Zurich","orderCount":"3","last_order_at":"2026-01-02T00:00:00Z",
             "consent":{"email":true,"SMS":false,"chat":"granted","push":"maybe","agent":null}}}
            """);
        Assert.Equal(ClickKind.Identify, click.Kind);
        Assert.Equal(("a@b.example", "+41790000000"), (click.String(click.Email), click.String(click.Phone)));
        Assert.Equal(("de-CH", "Europe/Zurich"), (click.String(click.Locale), click.String(click.TimeZone)));
        Assert.Equal((3, 1_767_312_000_000), (click.OrderCount, click.LastOrderAtMs));
        Assert.Equal((ConsentState.Granted, ConsentState.Withdrawn, ConsentState.Granted, ConsentState.Unknown),
            (click.Consents[Channel.Email], click.Consents[Channel.Sms], click.Consents[Channel.Chat], click.Consents[Channel.Agent]));
    }

    [Theory]
    [InlineData("""{"type":"identify","traits":{"email":"new@x.example"},"context":{"traits":{"email":"old@x.example","phone":"1"}}}""")]
    [InlineData("""{"type":"identify","context":{"traits":{"email":"old@x.example","phone":"1"}},"traits":{"email":"new@x.example","phone":null}}""")]
    public void Traits_of_the_call_go_before_those_of_the_context(string json)
    {
        var click = Click(json);
        Assert.Equal(("new@x.example", "1"), (click.String(click.Email), click.String(click.Phone)));
    }

    [Fact]
    public void Only_identify_tells_contacts() =>
        Assert.True(Click("""{"type":"page","traits":{"email":5},"context":{"traits":{"email":"a@b.example"}}}""").Email.IsAbsent);

    [Fact]
    public void Identify_without_traits_is_fine() => Assert.Equal(-1, Click("""{"type":"identify"}""").OrderCount);

    [Theory]
    [InlineData("[]", FaultReason.WrongType, "traits")]
    [InlineData("""{"email":{}}""", FaultReason.WrongType, "email")]
    [InlineData("""{"phone":false}""", FaultReason.WrongType, "phone")]
    [InlineData("""{"orderCount":"many"}""", FaultReason.WrongType, "orderCount")]
    [InlineData("""{"order_count":1.5}""", FaultReason.WrongType, "orderCount")]
    [InlineData("""{"lastOrderAt":"soon"}""", FaultReason.BadTimestamp, "lastOrderAt")]
    [InlineData("""{"consent":true}""", FaultReason.WrongType, "consent")]
    [InlineData("""{"consent":{"sms":"perhaps"}}""", FaultReason.WrongType, "consent")]
    [InlineData("""{"consent":{"sms":1}}""", FaultReason.WrongType, "consent")]
    public void Traits_that_cannot_be_read_are_a_fault(string traits, FaultReason reason, string field) =>
        Faulty(reason, field, $$"""{"type":"identify","traits":{{traits}}}""");

    [Theory]
    [InlineData("\"granted\"", ConsentState.Granted)]
    [InlineData("true", ConsentState.Granted)]
    [InlineData("\"Opt_In\"", ConsentState.Granted)]
    [InlineData("\"withdrawn\"", ConsentState.Withdrawn)]
    [InlineData("false", ConsentState.Withdrawn)]
    [InlineData("\"opt_out\"", ConsentState.Withdrawn)]
    [InlineData("\"denied\"", ConsentState.Withdrawn)]
    [InlineData("\"revoked\"", ConsentState.Withdrawn)]
    public void Consent_updated_speaks_of_one_channel(string state, ConsentState expected)
    {
        var click = Track("Consent Updated", $$"""{"channel":"sms","state":{{state}}}""");
        Assert.Equal(expected, click.Consents[Channel.Sms]);
        Assert.Equal(ConsentState.Unknown, click.Consents[Channel.Email]);
    }

    [Fact]
    public void Consent_can_be_withdrawn_from_all_channels_at_once()
    {
        var consents = Track("Consent Updated", """{"channel":"all","state":"withdrawn"}""").Consents;
        Assert.All([Channel.Chat, Channel.Email, Channel.Sms, Channel.Agent], channel => Assert.Equal(ConsentState.Withdrawn, consents[channel]));
    }

    [Theory]
    [InlineData("""{"state":"granted"}""", FaultReason.MissingField, "channel")]
    [InlineData("""{"channel":"sms"}""", FaultReason.MissingField, "state")]
    [InlineData("""{"channel":"sms","state":"hm"}""", FaultReason.WrongType, "state")]
    [InlineData("""{"channel":{},"state":true}""", FaultReason.WrongType, "channel")]
    [InlineData("""[]""", FaultReason.WrongType, "properties")]
    public void Consent_that_cannot_be_read_is_a_fault(string properties, FaultReason reason, string field) =>
        Faulty(reason, field, TrackJson("Consent Updated", properties));

    [Fact]
    public void Consent_for_a_channel_we_have_not_is_ignored() =>
        Assert.Equal(ParseOutcome.Ignored, Parser().Parse(TrackJson("Consent Updated", """{"channel":"carrier pigeon","state":"granted"}""")));

    [Theory]
    [InlineData("0.85", 85)]
    [InlineData("85", 85)]
    [InlineData("\"0.5\"", 50)]
    [InlineData("1", 100)]
    [InlineData("0", 0)]
    [InlineData("0.855", 86)]
    [InlineData("null", -1)]
    public void Exit_intent_has_a_confidence_in_percent(string confidence, int expected)
    {
        var click = Track("Exit Intent Detected", $$"""{"signal":"mouse_leave","confidence":{{confidence}},"device":"desktop"}""");
        Assert.Equal((expected, Device.Desktop), (click.ConfidencePercent, click.Device));
    }

    [Fact]
    public void The_device_of_an_exit_intent_goes_before_that_of_the_context()
    {
        const string Context = "\"context\":{\"device\":{\"type\":\"mobile\"}}";
        Assert.Equal(Device.Tablet, Click($$"""{"type":"track","event":"Exit Intent Detected","properties":{"device":"tablet"},{{Context}}}""").Device);
        Assert.Equal(Device.Mobile, Click($$"""{"type":"track","event":"Exit Intent Detected","properties":{},{{Context}}}""").Device);
    }

    [Theory]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("\"high\"")]
    [InlineData("[]")]
    public void A_confidence_beyond_measure_is_a_fault(string confidence) =>
        Faulty(FaultReason.WrongType, "confidence", TrackJson("Exit Intent Detected", $$"""{"confidence":{{confidence}}}"""));

    [Theory]
    [InlineData("actionId")]
    [InlineData("action_id")]
    public void An_outcome_names_its_action(string field)
    {
        var click = Track("Message Delivered", $$"""{"{{field}}":"0123456789abcdef0123456789abcdef"}""");
        Assert.Equal(new ActionId(0x0123456789abcdef, 0x0123456789abcdef), click.ActionId);
    }

    [Theory]
    [InlineData("{}", FaultReason.MissingField)]
    [InlineData("""{"actionId":""}""", FaultReason.MissingField)]
    [InlineData("""{"actionId":"xyz"}""", FaultReason.WrongType)]
    [InlineData("""{"actionId":12}""", FaultReason.WrongType)]
    [InlineData("""{"actionId":[]}""", FaultReason.WrongType)]
    public void An_outcome_of_no_known_action_is_a_fault(string properties, FaultReason reason) =>
        Faulty(reason, "actionId", TrackJson("Message Opened", properties));

    [Fact]
    public void A_chat_message_is_measured_and_its_language_kept()
    {
        Assert.Equal("de", Track("Chat Message Received", """{"text":"Hilfe!","language":"de"}""") is var click ? click.String(click.Locale) : "");
        var longText = new string('x', 4097);
        Faulty(FaultReason.TextTooLong, "text", TrackJson("Chat Message Received", $$"""{"text":"{{longText}}"}"""));
        Faulty(FaultReason.WrongType, "text", TrackJson("Chat Message Received", """{"text":[]}"""));
    }
}
