using System.Text;
using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class ClickAllocationTests
{
    private static readonly string[] Records =
    [
        """
        {"anonymousId":"b255896a-94cd-4bf9-98d5-40389e4b70b8","messageId":"522224fe-9c65-4036-8f1f-980e39c6b342","type":"track","event":"Product Added",
         "context":{"library":{"name":"analytics.js","version":"2.1"},"locale":"de-DE","timezone":"Europe/Berlin","userAgentData":{"mobile":true},"traits":{"email":"a@b.example"}},
         "properties":{"product_id":"507f1f77","name":"Monopoly: 3rd \u00c9dition","price":"18.99","quantity":2,"currency":"EUR","category":"Games"},
         "integrations":{"All":true},"timestamp":"2026-11-22T14:00:00.000Z","sentAt":"2026-11-22T14:00:01.000Z"}
        """,
        """{"type":"track","event":"Cart Viewed","properties":{"products":[{"sku":"a","price":1},{"sku":"b","price":2.5,"quantity":"3"},{"sku":"c"}],"value":9}}""",
        """{"type":"track","event":"Order Completed","properties":{"checkout_id":"k","total":"odd","products":[{"sku":"a"}]}}""",
        """{"type":"page","name":"Your cart","properties":{"path":"\/cart\/"},"timestamp":1675692865495}""",
        """{"type":"identify","traits":{"email":"a@b.example","phone":"1","orderCount":3,"consent":{"sms":"granted"}}}""",
        """{"type":"track","event":"Message Clicked","properties":{"actionId":"0123456789abcdef0123456789abcdef"}}""",
        """{"type":"track","event":"Some Other Thing","properties":{"deep":{"er":[1,2,{"x":3}]}}}""",
    ];

    [Fact]
    public void Parsing_allocates_nothing_once_it_is_warm()
    {
        var parser = Parser();
        var values = Records.Select(Encoding.UTF8.GetBytes).ToArray();
        long clicks = 0;
        for (var i = 0; i < 1_000; i++)
        {
            clicks += parser.Parse("visitor"u8, values[i % values.Length], i) == ParseOutcome.Malformed ? 0 : 1;
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            clicks += parser.Parse("visitor"u8, values[i % values.Length], i) == ParseOutcome.Malformed ? 0 : 1;
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(11_000, clicks);
    }

    [Fact]
    public void Buffers_stay_within_their_bound_whatever_comes()
    {
        var options = new ClickOptions { CartLinesMax = 10_000 };
        var line = $$"""{"sku":"s","name":"{{new string('n', 4_000)}}"}""";
        var escapes = string.Concat(Enumerable.Repeat("\\u0041", 43_000));
        var newLines = string.Concat(Enumerable.Repeat("\\n", 120_000));
        var records = new[]
        {
            TrackJson("Cart Viewed", $$"""{"products":[{{string.Join(',', Enumerable.Repeat(line, 64))}}]}"""),
            TrackJson("Chat Message Received", $$"""{"text":"{{escapes}}"}"""),
            TrackJson("Product Added", $$"""{"product_id":"p","coupon":"{{newLines}}"}"""),
        }.Select(Encoding.UTF8.GetBytes).ToArray();
        // What is made once a process is made by another.
        var first = Parser(options);
        Array.ForEach(records, record => first.Parse("visitor"u8, record, RecordTimeMs));
        var parser = Parser(options);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            parser.Parse("visitor"u8, records[i % records.Length], RecordTimeMs);
        }
        // All steps of doubling up to the largest buffer together are less than twice that buffer. Text, and a bit for each byte of the record.
        var text = 2 * 2 * (options.RecordBytesMax + options.VisitorBytesMax);
        var bits = 2 * 2 * options.RecordBytesMax / 8;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, text + bits);
    }
}
