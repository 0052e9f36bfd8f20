using System.Text;
using FsCheck;
using FsCheck.Fluent;
using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

/// <summary>A parser knows the shapes of records that it has read. Nothing may follow from that: it reads each record as a parser that has read no other.</summary>
public sealed class RecordShapeTests
{
    // Those that change how what follows is read, or that several places know, more often than others.
    private static readonly string[] Names =
    [
        "type", "event", "name", "messageId", "timestamp", "properties", "properties", "properties", "context", "context", "traits", "traits", "consent", "consent",
        "products", "products", "products", "items", "items", "page", "device", "userAgentData", "mobile", "locale", "timezone", "email", "phone", "sms",
        "product_id", "sku", "id", "price", "quantity", "currency", "value", "total", "order_id", "path", "url", "n\\u0061me", "other", "",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "1", "2.50", "-3e2", "\"\"", "\"a\"", "\"A longer text, as names of products are\"", "\"\\u00e9\\n\"", "\"EUR\"", "\"track\"", "\"page\"", "\"identify\"",
        "\"Product Added\"", "\"Cart Viewed\"", "\"Order Completed\"", "\"Consent Updated\"", "\"2026-01-02T03:04:05.678Z\"", "\"mobile\"", "\"granted\"", "\"a@b.example\"", "01", "nul", "\"\u0001\"", "-",
    ];

    [Fact]
    public void A_parser_that_knows_many_shapes_reads_as_one_that_knows_none()
    {
        var options = new ClickOptions { CartLinesMax = 3, DepthMax = 6 };
        var parser = Parser(options);
        var clicks = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var record = Encoding.UTF8.GetBytes(Record(new Random(random.Next(300)), random));
            var other = Parser(options);
            var (outcome, expected) = (parser.Parse("v"u8, record, RecordTimeMs), other.Parse("v"u8, record, RecordTimeMs));
            clicks += outcome == ParseOutcome.Click ? 1 : 0;
            var isSame = outcome == expected && parser.Fault == other.Fault
                && (outcome != ParseOutcome.Click || string.Equals(parser.Click.Shows(), other.Click.Shows(), StringComparison.Ordinal));
            return isSame.Label($"{outcome} {parser.Fault}, alone {expected} {other.Fault}: {Encoding.UTF8.GetString(record)}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
        Assert.InRange(clicks, 5_000, int.MaxValue);
    }

    [Fact]
    public void Ever_new_names_cost_no_memory_and_spoil_no_shape_that_follows()
    {
        var parser = Parser();
        var usual = Encoding.UTF8.GetBytes(TrackJson("Product Added", """{"product_id":"p","name":"A","price":2.5}"""));
        parser.Parse("v"u8, usual, RecordTimeMs);
        var record = new byte[64];
        var (clicks, allocated) = (0, 0L);
        for (var i = 0; i < 100_000; i++)
        {
            System.Text.Unicode.Utf8.TryWrite(record, System.Globalization.CultureInfo.InvariantCulture, $"{{\"type\":\"page\",\"n{i}\":{{\"m{i % 7}\":1,\"x\":2}}}}", out var length);
            var before = GC.GetAllocatedBytesForCurrentThread();
            clicks += parser.Parse("v"u8, record.AsSpan(0, length), RecordTimeMs) == ParseOutcome.Click ? 1 : 0;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal((100_000, 0), (clicks, allocated));
        Assert.Equal(ParseOutcome.Click, parser.Parse("v"u8, usual, RecordTimeMs));
        Assert.Equal("A", parser.Click.String(parser.Click.Lines[0].Name));
    }

    [Theory]
    [InlineData("""{"type":"page","properties":{"path":"/cart"}}""", """{"type":"page","properties":null}""")]
    [InlineData("""{"type":"page","name":"Cart"}""", """{"type":"page","name":{"path":1}}""")]
    [InlineData("""{"type":"track","event":"Cart Viewed","properties":{"products":null,"items":[{"sku":"a"}]}}""", """{"type":"track","event":"Cart Viewed","properties":{"products":"p","items":[{"sku":"b"}]}}""")]
    [InlineData("""{"type":"track","event":"Cart Viewed","properties":{"products":[{"sku":"a"},{"sku":"b"}]}}""", """{"type":"track","event":"Cart Viewed","properties":{"products":[{"sku":"a"},null]}}""")]
    [InlineData("""{"type":"track","event":"Cart Viewed","properties":{"products":[{"sku":"a"}]}}""", """{"type":"track","event":"Cart Viewed","properties":{"products":[1]}}""")]
    [InlineData("""{"type":"track","event":"Cart Viewed","properties":{"products":[{"sku":"a"}]}}""", """{"type":"track","event":"Cart Viewed","properties":{"products":[{"sku":["a"]}]}}""")]
    [InlineData("""{"type":"page","context":{"traits":{"email":"a@b.example"}}}""", """{"type":"page","context":{"traits":{"email":{"x":1}}}}""")]
    [InlineData("""{"type":"page","extra":1}""", """{"type":"page","extra":01}""")]
    [InlineData("""{"type":"page","extra":"a"}""", "{\"type\":\"page\",\"extra\":\"\u0001\"}")]
    [InlineData("""{"type":"page","extra":"a"}""", """{"type":"page","extra":"\x"}""")]
    [InlineData("""{"type":"page"}""", """{"type":"page"} x""")]
    [InlineData("""{"type":"page"}""", """{"type":"page""")]
    public void A_shape_that_does_not_hold_says_nothing(string known, string record)
    {
        var parser = Parser();
        for (var times = 0; times < 2; times++)
        {
            var other = Parser();
            parser.Parse(known);
            Assert.Equal(other.Parse(record), parser.Parse(record));
            Assert.Equal((other.Fault, other.Click.Shows()), (parser.Fault, parser.Click.Shows()));
        }
    }

    [Fact]
    public void Two_shapes_are_not_taken_for_one_that_no_record_may_have()
    {
        var parser = Parser();
        parser.Parse(TrackJson("Cart Viewed", """{"products":null,"value":1}"""));
        parser.Parse(TrackJson("Cart Viewed", """{"products":[{"sku":"a"}],"value":1}"""));
        Assert.Equal(ParseOutcome.Malformed, parser.Parse(TrackJson("Cart Viewed", """{"products":null[{"sku":"a"}],"value":1}""")));
        Assert.Equal(FaultReason.BrokenJson, parser.Fault.Reason);
    }

    /// <param name="frame">Decides on names and nesting: the same numbers, the same frame.</param>
    /// <param name="values">Decides on values, and now and then on one that breaks the frame.</param>
    private static string Record(Random frame, Random values)
    {
        var head = frame.Next(5) == 0 ? "" : $"\"type\":\"track\",\"event\":{Scalars[frame.Next(14, 18)]}";
        var members = Members(frame, values, 0);
        return $"{{{head}{(head.Length > 0 && members.Length > 0 ? "," : "")}{members}}}";
    }

    private static string Members(Random frame, Random values, int depth) =>
        string.Join(',', Enumerable.Range(0, frame.Next(5)).Select(_ => $"\"{Names[frame.Next(Names.Length)]}\":{(frame.Next(9) == 0 ? " " : "")}{Value(frame, values, depth + 1)}"));

    private static string Value(Random frame, Random values, int depth)
    {
        var value = frame.Next(depth > 4 ? 3 : 7) switch
        {
            3 or 4 => $"{{{Members(frame, values, depth)}}}",
            5 => $"[{string.Join(',', Enumerable.Range(0, frame.Next(4)).Select(_ => Value(frame, values, depth + 1)))}]",
            6 => $"[{string.Join(',', Enumerable.Range(0, frame.Next(5)).Select(_ => $"{{{Members(frame, values, depth + 1)}}}"))}]",
            _ => Scalars[values.Next(values.Next(4) > 0 ? 4 : values.Next(8) > 0 ? Scalars.Length - 4 : Scalars.Length)],
        };
        return values.Next(60) switch
        {
            0 => "{}",
            1 => "[]",
            2 => "null",
            _ => value,
        };
    }
}
