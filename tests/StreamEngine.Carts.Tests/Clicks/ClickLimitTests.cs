using System.Text;
using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class ClickLimitTests
{
    [Fact]
    public void A_record_may_be_as_large_as_the_limit_and_no_larger()
    {
        var options = new ClickOptions { RecordBytesMax = 40 };
        const string Json = """{"type":"page"}""";
        Assert.Equal(PageType.Other, Click(Json.PadRight(40), options).Page);
        Assert.Equal(new ClickFault(FaultReason.TooLarge, null, 40), Fault(Json.PadRight(41), options));
    }

    [Fact]
    public void Depth_may_reach_the_limit_and_not_pass_it()
    {
        var options = new ClickOptions { DepthMax = 8 };
        foreach (var where in new[] { "\"other\":", "\"properties\":" })
        {
            var json = $$"""{"type":"track","event":"Heartbeat",{{where}}{{Nested('[', ']', 7)}}}""";
            Assert.Equal(ClickKind.Heartbeat, Click(json, options).Kind);
            json = $$"""{"type":"track","event":"Heartbeat",{{where}} {{Nested('[', ']', 8)}}}""";
            Assert.Equal((FaultReason.TooDeep, json.LastIndexOf('[')), (Fault(json, options).Reason, Fault(json, options).BytePosition));
        }
        Assert.Equal(FaultReason.TooDeep, Fault(Nested('[', ']', 9), options).Reason);
        Assert.Equal(FaultReason.TooDeep, Fault(new string('[', 100_000)).Reason);
        Assert.Equal(FaultReason.TooDeep, Fault(string.Concat(Enumerable.Repeat("{\"properties\":", 10_000))).Reason);
    }

    [Fact]
    public void Broken_json_at_the_deepest_level_is_broken_and_not_too_deep()
    {
        var options = new ClickOptions { DepthMax = 2 };
        Assert.Equal(FaultReason.BrokenJson, Fault("""{"a":[1 2]}""", options).Reason);
        Assert.Equal(FaultReason.BrokenJson, Fault("""{"a":[1""", options).Reason);
    }

    [Fact]
    public void A_cart_may_have_as_many_lines_as_the_limit()
    {
        var lines = string.Join(',', Enumerable.Range(0, 200).Select(i => $$"""{"sku":"s{{i}}"}"""));
        Assert.Equal(200, Track("Cart Viewed", $$"""{"products":[{{lines}},null]}""").Lines.Length);
        var json = TrackJson("Cart Viewed", $$"""{"products":[{{lines}},{"sku":"last"}]}""");
        Assert.Equal(new ClickFault(FaultReason.TooManyLines, "products", json.IndexOf("""{"sku":"last"}""", StringComparison.Ordinal)), Fault(json));
        Assert.Equal(ClickKind.ProductListViewed, Track("Product List Viewed", $$"""{"products":[{{lines}},{"sku":"last"}]}""").Kind);
    }

    [Theory]
    [InlineData("x", 10, true)]
    [InlineData("x", 11, false)]
    [InlineData("\\u0041", 10, true)]
    [InlineData("\\u0041", 11, false)]
    [InlineData("é", 5, true)]
    [InlineData("é", 6, false)]
    public void Text_is_limited_by_its_bytes_without_escapes(string letter, int count, bool isFine)
    {
        var json = TrackJson("Product Added", $$"""{"product_id":"p","name":"{{string.Concat(Enumerable.Repeat(letter, count))}}"}""");
        var options = new ClickOptions { TextBytesMax = 10 };
        if (isFine)
        {
            Assert.Equal(10, Click(json, options).Lines[0].Name.Length);
        }
        else
        {
            Assert.Equal((FaultReason.TextTooLong, "name"), (Fault(json, options).Reason, Fault(json, options).Field));
        }
    }

    [Fact]
    public void A_record_needs_a_visitor_of_bearable_length()
    {
        var parser = Parser();
        const string Json = """{"type":"page"}""";
        Assert.Equal(ParseOutcome.Malformed, parser.Parse(Json, key: ""));
        Assert.Equal(FaultReason.MissingVisitor, parser.Fault.Reason);
        Assert.Equal(ParseOutcome.Click, parser.Parse(Json, key: new string('v', 256)));
        Assert.Equal(ParseOutcome.Malformed, parser.Parse(Json, key: new string('v', 257)));
        Assert.Equal(FaultReason.VisitorTooLong, parser.Fault.Reason);
        Assert.Equal(ParseOutcome.Malformed, parser.Parse([0xC3, 0x28], Encoding.UTF8.GetBytes(Json), RecordTimeMs));
        Assert.Equal(FaultReason.InvalidUtf8, parser.Fault.Reason);
    }

    [Fact]
    public void Invalid_utf8_is_found_where_it_is()
    {
        var parser = Parser();
        var value = Encoding.Latin1.GetBytes("""{"type":"page","x":"ü"}""");
        Assert.Equal(ParseOutcome.Malformed, parser.Parse("v"u8, value, RecordTimeMs));
        Assert.Equal(new ClickFault(FaultReason.InvalidUtf8, null, 20), parser.Fault);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("{\"type\":\"page\"} x", 16)]
    [InlineData("{\"type\":\"page\"}{}", 15)]
    [InlineData("{\"type\":\"page\",\n\n\"name\": oops}", 25)]
    [InlineData("[1,2", 4)]
    [InlineData("[1,2] ]", 6)]
    public void Broken_json_is_found_where_it_breaks(string json, long position) =>
        Assert.Equal(new ClickFault(FaultReason.BrokenJson, null, position), Fault(json));

    [Theory]
    [InlineData("[1,{\"type\":\"page\"}]")]
    [InlineData(" \"page\" ")]
    [InlineData("12")]
    [InlineData("null")]
    public void Valid_json_that_is_no_object_is_no_click(string json) => Assert.Equal(FaultReason.NotAnObject, Fault(json).Reason);

    [Fact]
    public void Limits_that_no_click_could_keep_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Parser(new ClickOptions { DepthMax = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parser(new ClickOptions { RecordBytesMax = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parser(new ClickOptions { TextBytesMax = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parser(new ClickOptions { VisitorBytesMax = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parser(new ClickOptions { CartLinesMax = -1 }));
    }

    private static string Nested(char open, char close, int depth) => new string(open, depth) + new string(close, depth);
}
