using System.Text;
using StreamEngine.Host.Clickstreams;
using Xunit;

namespace StreamEngine.Host.Tests.Clickstreams;

public sealed class ClickstreamFileTests
{
    private const string TaobaoRows = "1,2,3,pv,1511658000\n1,2,3,cart,1511658001\n4,5,6,buy,1511658002\n";
    private const string Rees46Header = "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n";

    [Fact]
    public void A_gzipped_file_gives_the_same_clicks_as_a_plain_one()
    {
        using var plain = TempFile.Of(TaobaoRows);
        using var packed = TempFile.Of(TempFile.Gzip(TaobaoRows));
        using var fromPlain = ClickstreamFile.Open(plain.Path);
        using var fromPacked = ClickstreamFile.Open(packed.Path);
        while (fromPlain.TryNext(out var expected))
        {
            Assert.True(fromPacked.TryNext(out var click));
            Assert.Equal(expected.Value.ToArray(), click.Value.ToArray());
        }
        Assert.False(fromPacked.TryNext(out _));
        Assert.Equal(3, fromPacked.Rows);
        Assert.Equal(fromPacked.BytesTotal, fromPacked.BytesRead);
    }

    [Theory]
    [InlineData(TaobaoRows, ClickstreamFormat.Taobao)]
    [InlineData("\uFEFFuser_id,item_id,category_id,behavior,timestamp\r\n1,2,3,fav,1511658000\r\n", ClickstreamFormat.Taobao)]
    [InlineData("2019-10-01 00:00:00 UTC,view,1,2,,brand,35.79,5,s\n", ClickstreamFormat.Rees46)]
    [InlineData("1,main,2019-11-01 22:28:54.791683", ClickstreamFormat.SimpleOnlineShop)]
    [InlineData("{\"session\":1,\"events\":[{\"aid\":1,\"ts\":1659304800025,\"type\":\"clicks\"}]}", ClickstreamFormat.Otto)]
    [InlineData("{\"userId\":17,\"type\":\"page\"}", ClickstreamFormat.SegmentJson)]
    [InlineData("\n\nbroken\n{\"source_file\":\"x\",\"message\":{\"anonymousId\":\"a\"}}", ClickstreamFormat.SegmentJson)]
    public void The_format_is_recognised_by_the_content(string text, ClickstreamFormat format)
    {
        using var temp = TempFile.Of(text);
        using var file = ClickstreamFile.Open(temp.Path);
        Assert.Equal(format, file.Format);
        Assert.True(file.TryNext(out _));
    }

    [Theory]
    [InlineData("a,b,c\n1,2,3\n", "It begins with: a,b,c")]
    [InlineData("[1,2,3]\n", "It begins with: [1,2,3]")]
    [InlineData("\n\n", "is empty")]
    [InlineData("", "is empty")]
    public void An_unknown_format_is_refused_with_what_was_found_and_what_can_be_read(string text, string found)
    {
        using var temp = TempFile.Of(text);
        var error = Assert.Throws<ClickstreamException>(() => ClickstreamFile.Open(temp.Path));
        Assert.Contains(temp.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        if (text.Trim().Length > 0)
        {
            Assert.All(["segment-json", "rees46", "taobao", "otto", "simple-online-shop"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var error = Assert.Throws<ClickstreamException>(() => ClickstreamFile.Open("/no/such/clicks.csv"));
        Assert.Contains("/no/such/clicks.csv", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REES46", ClickstreamFormat.Rees46)]
    [InlineData("segment-json", ClickstreamFormat.SegmentJson)]
    [InlineData("simple_online_shop", ClickstreamFormat.SimpleOnlineShop)]
    public void Formats_have_names_for_people(string name, ClickstreamFormat format) => Assert.Equal(format, ClickstreamFile.ParseFormat(name));

    [Fact]
    public void An_unknown_format_name_lists_the_known_ones() =>
        Assert.Contains("taobao", Assert.Throws<ClickstreamException>(() => ClickstreamFile.ParseFormat("amazon")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(ClickstreamFormat.Taobao, "1,2,3,pv", "has 4 fields where a Taobao row has 5")]
    [InlineData(ClickstreamFormat.Taobao, "1,2,3,steal,1511658000", "behavior 'steal' is not one of pv, cart, fav, buy")]
    [InlineData(ClickstreamFormat.Taobao, "1,2,3,pv,soon", "timestamp 'soon' is not a Unix time in seconds")]
    [InlineData(ClickstreamFormat.Taobao, "1,2,3,pv,1511658000000", "is not a Unix time in seconds")]
    [InlineData(ClickstreamFormat.Taobao, "1,2,3,pv,-5", "is not a Unix time in seconds")]
    [InlineData(ClickstreamFormat.Taobao, ",2,3,pv,1511658000", "user_id or item_id is empty")]
    [InlineData(ClickstreamFormat.Taobao, "\"1,2,3,pv,1511658000", "quotes")]
    [InlineData(ClickstreamFormat.Rees46, "2019-13-01 00:00:00 UTC,view,1,2,,b,1.00,5,s", "event_time '2019-13-01 00:00:00 UTC' is not a time")]
    [InlineData(ClickstreamFormat.Rees46, "2019-02-29 00:00:00 UTC,view,1,2,,b,1.00,5,s", "is not a time")]
    [InlineData(ClickstreamFormat.Rees46, "2019-10-01 00:00:00 UTC,view,1,2,,b,-1.00,5,s", "price '-1.00' is not a number of 0 or more")]
    [InlineData(ClickstreamFormat.Rees46, "2019-10-01 00:00:00 UTC,view,1,2,,b,1.00 USD,5,s", "price '1.00 USD'")]
    [InlineData(ClickstreamFormat.SimpleOnlineShop, "1,main,2019-11-01 22:28:54.", "timestamp '2019-11-01 22:28:54.' is not a time")]
    [InlineData(ClickstreamFormat.SimpleOnlineShop, "1,teleport,2019-11-01 22:28:54.1", "event 'teleport' is not one of main")]
    [InlineData(ClickstreamFormat.Otto, "{\"session\":1,\"events\":[]}", "the session has no events")]
    [InlineData(ClickstreamFormat.Otto, "{\"session\":1,\"events\":[{\"aid\":1,\"ts\":2,\"type\":\"clicks\"},{\"aid\":1}]}", "event 2 is not")]
    [InlineData(ClickstreamFormat.Otto, "{\"session\":1,", "is not JSON")]
    [InlineData(ClickstreamFormat.Otto, "null", "is not an OTTO session")]
    [InlineData(ClickstreamFormat.SegmentJson, "{\"anonymousId\":\"a\"", "is not a JSON object")]
    [InlineData(ClickstreamFormat.SegmentJson, "{\"anonymousId\":\"a\"} x", "is not a JSON object")]
    [InlineData(ClickstreamFormat.SegmentJson, "42", "is not a JSON object")]
    [InlineData(ClickstreamFormat.SegmentJson, "{\"anonymousId\":\"\",\"userId\":null}", "neither anonymousId nor userId")]
    [InlineData(ClickstreamFormat.SegmentJson, "{\"anonymousId\":\"\\uD800\"}", "is not UTF-8")]
    public void A_broken_row_is_reported_with_its_place_and_the_rows_around_it_are_read(ClickstreamFormat format, string broken, string reason)
    {
        var good = format switch
        {
            ClickstreamFormat.Taobao => "1,2,3,pv,1511658000",
            ClickstreamFormat.Rees46 => "2019-10-01 00:00:00 UTC,view,1,2,,b,1.00,5,s",
            ClickstreamFormat.SimpleOnlineShop => "1,main,2019-11-01 22:28:54.1",
            ClickstreamFormat.Otto => "{\"session\":1,\"events\":[{\"aid\":1,\"ts\":2,\"type\":\"clicks\"}]}",
            _ => "{\"anonymousId\":\"a\"}",
        };
        using var temp = TempFile.Of($"{good}\n{broken}\n{good}\n");
        using var file = ClickstreamFile.Open(temp.Path, format);
        var clicks = 0;
        while (file.TryNext(out _))
        {
            clicks++;
        }
        Assert.Equal((2, 2L, 1L), (clicks, file.Rows, file.MistakeCount));
        var mistake = Assert.Single(file.Mistakes);
        Assert.Equal((temp.Path, 2), (mistake.File, mistake.Line));
        Assert.Contains(reason, mistake.Reason, StringComparison.Ordinal);
        Assert.StartsWith($"{temp.Path}:2: ", mistake.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_file_that_is_cut_off_gives_what_can_be_read_and_a_mistake()
    {
        var rows = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i * 7919 % 10007},{i},3,pv,{1511658000 + i}\n");
        }
        using var temp = TempFile.Of(TempFile.Gzip(rows.ToString())[..^2000]);
        using var file = ClickstreamFile.Open(temp.Path);
        while (file.TryNext(out _))
        {
            Assert.True(file.Clicks <= 20_000);
        }
        Assert.InRange(file.Rows, 1, 19_999);
        Assert.Contains(file.Mistakes, mistake => mistake.Reason.Contains("compressed data ends or breaks", StringComparison.Ordinal));
    }

    [Fact]
    public void A_monstrous_line_is_a_mistake_and_not_a_full_memory()
    {
        using var temp = TempFile.Of(TaobaoRows + new string('x', ClickstreamFile.LineBytesMax + 100_000) + "\n" + TaobaoRows);
        using var file = ClickstreamFile.Open(temp.Path);
        var clicks = 0;
        while (file.TryNext(out _))
        {
            clicks++;
        }
        Assert.Equal(6, clicks);
        Assert.Equal(4, Assert.Single(file.Mistakes).Line);
    }

    [Fact]
    public void Mistakes_are_all_counted_but_only_the_first_are_kept()
    {
        var rows = string.Concat(Enumerable.Repeat("nonsense\n", ClickstreamFile.MistakesKeptMax + 5));
        using var temp = TempFile.Of(rows);
        using var file = ClickstreamFile.Open(temp.Path, ClickstreamFormat.Taobao);
        Assert.False(file.TryNext(out _));
        Assert.Equal(ClickstreamFile.MistakesKeptMax + 5, file.MistakeCount);
        Assert.Equal(ClickstreamFile.MistakesKeptMax, file.Mistakes.Count);
    }

    [Fact]
    public void Text_of_a_row_cannot_break_out_of_its_json()
    {
        using var temp = TempFile.Of(Rees46Header + "2019-10-01 00:00:00 UTC,purchase,\"1,\\\",2,a\\\"b,\",0.00,é\u0001,s\n2019-10-01 00:00:00 UTC,cart,1,2,c\\,b\",0.00,é\u0001,s\n");
        using var file = ClickstreamFile.Open(temp.Path);
        var click = Assert.Single(ReadClick.All(file));
        Assert.Equal(("é\u0001", "c\\", "b\"", 0m), (click.Key, click.Properties.GetProperty("category").GetString(),
            click.Properties.GetProperty("brand").GetString(), click.Properties.GetProperty("price").GetDecimal()));
    }

    [Theory]
    [InlineData("{\"userId\":\"u\",\"anonymousId\":\"a\",\"timestamp\":\"2020-05-14T12:24:08.780+05:30\"}", "a", 1_589_439_248_780)]
    [InlineData("{\"userId\":\"u\",\"sentAt\":\"2020-01-01T00:00:09Z\",\"originalTimestamp\":\"2020-01-01T00:00:01Z\",\"timestamp\":\"202205-13T12:51:01.470Z\"}", "u", 1_577_836_801_000)]
    [InlineData("{\"message\":{\"userId\":17,\"context\":{\"anonymousId\":\"no\",\"timestamp\":\"2020-01-01T00:00:01Z\"}}}", "17", 0)]
    [InlineData("{\"anonymousId\":{\"id\":1},\"userId\":\"\\u00fc\",\"timestamp\":1589439248780}", "ü", 0)]
    public void Segment_messages_say_who_and_when_in_several_places(string line, string key, long timeMs)
    {
        using var temp = TempFile.Of(line);
        using var file = ClickstreamFile.Open(temp.Path);
        Assert.True(file.TryNext(out var click));
        Assert.Equal((key, timeMs), (Encoding.UTF8.GetString(click.Key), click.TimeMs));
    }
}
