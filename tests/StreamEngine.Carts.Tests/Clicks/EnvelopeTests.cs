using System.Globalization;
using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("""{}""", FaultReason.MissingField, "type")]
    [InlineData("""{"type":null}""", FaultReason.MissingField, "type")]
    [InlineData("""{"type":""}""", FaultReason.MissingField, "type")]
    [InlineData("""{"type":1}""", FaultReason.WrongType, "type")]
    [InlineData("""{"type":["track"]}""", FaultReason.WrongType, "type")]
    [InlineData("""{"type":"track"}""", FaultReason.MissingField, "event")]
    [InlineData("""{"type":"track","event":null}""", FaultReason.MissingField, "event")]
    [InlineData("""{"type":"track","event":" "}""", FaultReason.MissingField, "event")]
    [InlineData("""{"type":"track","event":1234}""", FaultReason.WrongType, "event")]
    [InlineData("""{"type":"track","event":{"name":"Add to Cart"}}""", FaultReason.WrongType, "event")]
    [InlineData("""{"type":"page","messageId":{}}""", FaultReason.WrongType, "messageId")]
    public void Type_and_event_must_be_said(string json, FaultReason reason, string field) => Faulty(reason, field, json);

    [Theory]
    [InlineData("group")]
    [InlineData("alias")]
    [InlineData("trackUser")]
    public void Other_calls_are_ignored(string type) =>
        Assert.Equal(ParseOutcome.Ignored, Parser().Parse($$$"""{"type":"{{{type}}}","event":12,"properties":{"price":"x"}}"""));

    [Fact]
    public void Calls_are_known_in_any_letter_case()
    {
        Assert.Equal(ClickKind.Identify, Click("""{"type":"Identify"}""").Kind);
        Assert.Equal(ClickKind.Page, Click("""{"type":"PAGE"}""").Kind);
        Assert.Equal(ClickKind.Page, Click("""{"type":"screen"}""").Kind);
        Assert.Equal(ClickKind.Heartbeat, Click("""{"type":"TRACK","event":"heartbeat"}""").Kind);
    }

    [Fact]
    public void The_visitor_is_the_key_and_not_what_the_body_says()
    {
        var parser = Parser();
        Assert.Equal(ParseOutcome.Click, parser.Parse("""{"type":"page","anonymousId":"a","userId":"u"}""", key: "клиент"));
        Assert.Equal("клиент", parser.Click.String(parser.Click.Visitor));
    }

    [Theory]
    [InlineData("\"2026-11-22T14:23:35.123Z\"", "2026-11-22T14:23:35.123Z")]
    [InlineData("\"2026-11-22T14:23:35Z\"", "2026-11-22T14:23:35Z")]
    [InlineData("\"2026-11-22T14:23Z\"", "2026-11-22T14:23:00Z")]
    [InlineData("\"2026-11-22 14:23:35\"", "2026-11-22T14:23:35Z")]
    [InlineData("\"2026-11-22\"", "2026-11-22T00:00:00Z")]
    [InlineData("\"2020-05-14T12:24:08.780+05:30\"", "2020-05-14T06:54:08.780Z")]
    [InlineData("\"2020-05-14T12:24:08.780-0800\"", "2020-05-14T20:24:08.780Z")]
    [InlineData("\"2020-05-14T12:24:08+01\"", "2020-05-14T11:24:08Z")]
    [InlineData("\"2023-11-12T15:46:51.693229999Z\"", "2023-11-12T15:46:51.693Z")]
    [InlineData("\"2024-02-29T00:00:00\\u005a\"", "2024-02-29T00:00:00Z")]
    [InlineData("1675692865495", "2023-02-06T14:14:25.495Z")]
    [InlineData("\"1675692865495\"", "2023-02-06T14:14:25.495Z")]
    [InlineData("1675692865", "2023-02-06T14:14:25Z")]
    [InlineData("1675692865.495", "2023-02-06T14:14:25.495Z")]
    public void The_time_of_the_event_is_read_in_the_ways_it_is_sent(string timestamp, string expected)
    {
        var click = Click($$"""{"type":"page","timestamp":{{timestamp}}}""");
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), click.EventTimeMs);
        Assert.Equal(RecordTimeMs, click.TimeMs);
    }

    [Fact]
    public void A_time_as_browsers_write_it_is_read_as_with_a_space_behind_it()
    {
        var random = new Random(1);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var time = DateTime.UnixEpoch.AddMilliseconds(random.NextInt64(1, 4_102_444_800_000)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture).ToCharArray();
            for (var changes = random.Next(3); changes > 0; changes--)
            {
                time[random.Next(time.Length)] = "0123456789 -:.TZ/,"[random.Next(18)];
            }
            var text = new string(time);
            var (usual, other) = (Click($$"""{"type":"page","timestamp":"{{text}}"}"""), Click($$"""{"type":"page","timestamp":"{{text}} "}"""));
            Assert.True(usual.EventTimeMs == other.EventTimeMs, text);
            read += usual.EventTimeMs == RecordTimeMs ? 0 : 1;
        }
        Assert.InRange(read, 8_000, 19_000);
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("\"202205-13T12:51:01.470Z\"")]
    [InlineData("\"2023-02-29T00:00:00Z\"")]
    [InlineData("\"2023-13-01T00:00:00Z\"")]
    [InlineData("\"2023-01-01T24:00:00Z\"")]
    [InlineData("\"2023-01-01T10:00:00Zulu\"")]
    [InlineData("\"2023-01-01T10:00:00.Z\"")]
    [InlineData("\"2023-01-01T10\"")]
    [InlineData("\"1969-12-31T23:59:59Z\"")]
    [InlineData("\"\"")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1e300")]
    [InlineData("true")]
    [InlineData("{}")]
    public void A_time_that_cannot_be_read_costs_nothing_but_itself(string timestamp)
    {
        Assert.Equal(RecordTimeMs, Click($$"""{"type":"page","timestamp":{{timestamp}}}""").EventTimeMs);
        Assert.Equal(1_000_000, Click($$"""{"type":"page","timestamp":{{timestamp}},"sentAt":1000}""").EventTimeMs);
    }

    [Fact]
    public void The_event_s_own_time_goes_before_the_original_and_the_sent_one()
    {
        Assert.Equal(1_000_000, Click("""{"type":"page","sentAt":3000,"originalTimestamp":2000,"timestamp":1000}""").EventTimeMs);
        Assert.Equal(2_000_000, Click("""{"type":"page","sentAt":3000,"originalTimestamp":2000}""").EventTimeMs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_record_without_a_time_takes_that_of_its_event(long recordTimeMs)
    {
        var parser = Parser();
        parser.Parse("""{"type":"page","timestamp":1000}""", recordTimeMs: recordTimeMs);
        Assert.Equal((1_000_000, 1_000_000), (parser.Click.TimeMs, parser.Click.EventTimeMs));
        parser.Parse("""{"type":"page"}""", recordTimeMs: recordTimeMs);
        Assert.Equal((0, 0), (parser.Click.TimeMs, parser.Click.EventTimeMs));
    }

    [Fact]
    public void The_message_id_is_kept_as_its_hash()
    {
        Assert.Equal(Hash64.Of("m-1"u8), Click("""{"type":"page","messageId":"m-1"}""").MessageId);
        Assert.Equal(Hash64.Of("m-1"u8), Click("""{"type":"page","message_id":"m\u002d1"}""").MessageId);
        Assert.Equal(Hash64.Of("12"u8), Click("""{"type":"page","messageId":12}""").MessageId);
        Assert.Equal(0UL, Click("""{"type":"page","messageId":""}""").MessageId);
        Assert.Equal(0UL, Click("""{"type":"page"}""").MessageId);
    }

    [Fact]
    public void Locale_zone_and_device_come_from_the_context_of_any_click()
    {
        var click = Click("""{"type":"page","context":{"locale":"de-CH","timezone":"Europe/Zurich","library":{"name":"x"},"device":{"type":"Tablet"}}}""");
        Assert.Equal(("de-CH", "Europe/Zurich", Device.Tablet), (click.String(click.Locale), click.String(click.TimeZone), click.Device));
        Assert.Equal(Device.Mobile, Click("""{"type":"page","context":{"userAgentData":{"mobile":true}}}""").Device);
        Assert.Equal(Device.Desktop, Click("""{"type":"page","context":{"userAgentData":{"mobile":false},"device":{"type":"toaster"}}}""").Device);
        Assert.Equal(Device.Mobile, Click("""{"type":"page","context":{"device":{"type":"ios"}}}""").Device);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[{}]")]
    [InlineData("""{"locale":5,"timezone":{},"device":"x","page":[],"traits":1,"userAgentData":{"mobile":"?"}}""")]
    public void An_odd_context_costs_nothing(string context) =>
        Assert.Equal(Device.Unknown, Click($$"""{"type":"page","context":{{context}}}""").Device);

    [Fact]
    public void Nothing_of_a_click_is_left_in_the_next()
    {
        var parser = Parser();
        parser.Parse("""
            {"type":"track","event":"Cart Viewed","messageId":"m","context":{"locale":"de","timezone":"UTC","device":{"type":"ios"}},
             "properties":{"cart_id":"c","checkout_id":"k","coupon":"x","order_id":"o","currency":"EUR","value":3,"products":[{"sku":"a"}]}}
            """);
        Assert.Equal(1, parser.Click.Lines.Length);
        Assert.Equal(ParseOutcome.Click, parser.Parse("""{"type":"track","event":"Cart Viewed"}"""));
        var click = parser.Click;
        Assert.Equal((0UL, 0UL, -1L, 0, false), (click.MessageId, click.OrderId, click.ValueE4, click.Lines.Length, click.HasLines));
        Assert.True(click.CartId.IsAbsent && click.CheckoutId.IsAbsent && click.Coupon.IsAbsent && click.Locale.IsAbsent && click.TimeZone.IsAbsent);
        Assert.Equal((Device.Unknown, true), (click.Device, click.Currency.IsNone));
    }
}
