using System.Text;
using FsCheck;
using FsCheck.Fluent;
using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

/// <summary>Whatever the bytes, there is an outcome, and a fault lies inside the record.</summary>
public sealed class ClickPropertyTests
{
    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            TrackJson("Product Added", """{"product_id":"p","name":"\u00e9\ud83d\ude00","price":"19.99","quantity":2,"currency":"EUR"}"""),
            TrackJson("Cart Viewed", """{"products":[{"sku":"a","price":1e2,"quantity":1},{"sku":"b"}],"value":3,"currency":"USD"}"""),
            TrackJson("Order Completed", """{"order_id":"o","total":12.5,"products":[{"sku":"a"}]}"""),
            """{"type":"identify","traits":{"email":"a@b.example","orderCount":2,"lastOrderAt":"2026-01-02T03:04:05Z","consent":{"sms":true}}}""",
            """{"type":"page","name":"Cart","properties":{"url":"https://x.example/cart?x=1"},"context":{"page":{"path":"/"},"device":{"type":"ios"}},"timestamp":"2026-01-02 03:04:05.678+05:30"}""",
            TrackJson("Consent Updated", """{"channel":"sms","state":"granted"}"""),
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Any_bytes_have_an_outcome() =>
        Prop.ForAll<byte[], byte[], long>((key, value, time) => HasOutcome(Parser(), key, value, time))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Any_scrap_of_json_has_an_outcome()
    {
        string[] scraps =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d800", "\"type\":\"track\"", "\"event\":\"Cart Viewed\"", "\"properties\":{", "\"products\":[",
            "\"price\":", "-", "1e999", "null", "true", "\"timestamp\":", "\"2026-", "\u00e9", " ", "\n", "\"context\":{", "\"traits\":{", "\"consent\":{",
        ];
        var texts = Gen.Elements(scraps).ArrayOf().Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));
        Prop.ForAll(texts.ToArbitrary(), value => HasOutcome(Parser(), "v"u8.ToArray(), value, 1)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void A_valid_click_with_some_bytes_changed_has_an_outcome()
    {
        // One parser for all of them: a fault must not spoil the next record.
        var parser = Parser();
        var changes = Gen.Zip(Gen.Choose(0, 10_000), Gen.Choose(0, 255)).ArrayOf();
        var cases = Gen.Zip(Gen.Elements(Seeds), changes);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var value = (byte[])c.Item1.Clone();
            foreach (var (at, b) in c.Item2)
            {
                value[at % value.Length] = (byte)b;
            }
            return HasOutcome(parser, "v"u8.ToArray(), value, 1) && parser.Parse("v"u8, c.Item1, 1) == ParseOutcome.Click;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void A_click_with_some_bytes_changed_is_the_same_wherever_it_begins()
    {
        var (parser, other) = (Parser(), Parser());
        var changes = Gen.Zip(Gen.Choose(0, 10_000), Gen.Elements("\"\\{}[],: \u001f7e"u8.ToArray())).ArrayOf();
        var cases = Gen.Zip(Gen.Zip(Gen.Elements(Seeds), changes), Gen.Choose(1, 200));
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var ((seed, changed), spaces) = c;
            var value = (byte[])seed.Clone();
            foreach (var (at, b) in changed)
            {
                value[at % value.Length] = b;
            }
            byte[] shifted = [.. Enumerable.Repeat((byte)' ', spaces), .. value];
            return (parser.Parse("v"u8, value, 1), other.Parse("v"u8, shifted, 1)) switch
            {
                (ParseOutcome.Malformed, ParseOutcome.Malformed) => IsShifted(parser.Fault, other.Fault, spaces),
                (ParseOutcome.Click, ParseOutcome.Click) => string.Equals(parser.Click.Shows(), other.Click.Shows(), StringComparison.Ordinal),
                var (one, two) => one == two,
            };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void A_valid_click_cut_short_anywhere_is_broken()
    {
        var parser = Parser();
        foreach (var seed in Seeds)
        {
            for (var length = 0; length < seed.Length; length++)
            {
                Assert.True(HasOutcome(parser, "v"u8.ToArray(), seed[..length], 1));
                Assert.Contains(parser.Fault.Reason, (FaultReason[])[FaultReason.BrokenJson, FaultReason.InvalidUtf8]);
            }
        }
    }

    [Fact]
    public void Each_single_byte_change_of_a_click_has_an_outcome()
    {
        var parser = Parser();
        foreach (var seed in Seeds)
        {
            for (var at = 0; at < seed.Length; at++)
            {
                foreach (var b in "\0\"\\{}[],:-0e \u007f"u8)
                {
                    var value = (byte[])seed.Clone();
                    value[at] = b;
                    Assert.True(HasOutcome(parser, "v"u8.ToArray(), value, 1));
                }
            }
        }
    }

    [Fact]
    public void Any_text_survives_as_it_was() =>
        Prop.ForAll<NonNull<string>, bool>((text, escaped) =>
        {
            // JSON has no lone surrogates as UTF-8; what stands for them is text like any other.
            var name = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
            var encoder = escaped ? System.Text.Encodings.Web.JavaScriptEncoder.Default : System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            var click = Track("Product Added", $$"""{"product_id":"p","name":"{{encoder.Encode(name)}}"}""");
            return string.Equals(click.String(click.Lines[0].Name), name, StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    private static bool IsShifted(ClickFault fault, ClickFault shifted, int bytes) =>
        fault.Reason == FaultReason.NotAnObject ? shifted == fault : shifted == fault with { BytePosition = fault.BytePosition + bytes };

    private static bool HasOutcome(ClickParser parser, byte[] key, byte[] value, long time)
    {
        var isFaulty = parser.Parse(key, value, time) == ParseOutcome.Malformed;
        return isFaulty == (parser.Fault.Reason != FaultReason.None) && parser.Fault.BytePosition >= 0 && parser.Fault.BytePosition <= value.Length;
    }
}
