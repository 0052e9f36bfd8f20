using StreamEngine.Host.Clickstreams;
using Xunit;

namespace StreamEngine.Host.Tests.Clickstreams;

/// <summary>The figures are those that the data's own description measures on the rows.</summary>
public sealed class RecordedClickstreamTests
{
    private static List<ReadClick> Read(string name, ClickstreamFormat format, long rows)
    {
        using var file = ClickstreamFile.Open(SharedFile.PathOf("data/clickstream/" + name));
        Assert.Equal(format, file.Format);
        var clicks = ReadClick.All(file);
        Assert.Equal(0, file.MistakeCount);
        Assert.Equal(rows, file.Rows);
        Assert.Equal(clicks.Count, file.Clicks);
        Assert.Equal(file.BytesTotal, file.BytesRead);
        Assert.All(clicks, click => Assert.Equal(click.TimeMs, click.Timestamp.ToUnixTimeMilliseconds()));
        return clicks;
    }

    private static int Visitors(IEnumerable<ReadClick> clicks, params string[] names) =>
        clicks.Where(click => names.Length == 0 || names.Contains(click.Name, StringComparer.Ordinal)).Select(click => click.Key).Distinct(StringComparer.Ordinal).Count();

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time + "Z", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void Rees46_rows_become_views_carts_and_orders_in_the_order_of_the_file()
    {
        var clicks = Read("rees46-2019-10-01-17k.csv.gz", ClickstreamFormat.Rees46, rows: 8717);
        var byName = ReadClick.CountByName(clicks);
        Assert.Equal((8538, 75, 104), (byName["Product Viewed"], byName["Product Added"], byName["Order Completed"]));
        Assert.Equal(3, byName.Count);
        Assert.Equal(2208, Visitors(clicks));
        Assert.Equal(2473, clicks.Select(click => click.Properties.GetProperty("session_id").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Utc("2019-10-01T00:00:00"), clicks[0].Timestamp);
        Assert.Equal(Utc("2019-10-01T02:50:00"), clicks[^1].Timestamp);
        Assert.True(clicks.Zip(clicks.Skip(1)).All(pair => pair.First.TimeMs <= pair.Second.TimeMs));

        var first = clicks[0].Properties;
        Assert.Equal(("541312140", "44600062", "shiseido", 35.79m, "USD"), (clicks[0].Key, first.GetProperty("product_id").GetString(),
            first.GetProperty("brand").GetString(), first.GetProperty("price").GetDecimal(), first.GetProperty("currency").GetString()));
    }

    [Fact]
    public void Rees46_rows_that_are_equal_get_one_message_id_and_no_others_do()
    {
        var clicks = Read("rees46-2019-10-01-17k.csv.gz", ClickstreamFormat.Rees46, rows: 8717);
        var repeated = clicks.GroupBy(click => click.MessageId, StringComparer.Ordinal).Where(group => group.Count() > 1).ToList();
        Assert.Equal(2, repeated.Count);
        Assert.All(repeated, group => Assert.Single(group.Select(click => click.Message.GetRawText()).Distinct(StringComparer.Ordinal)));
    }

    [Fact]
    public void Taobao_rows_become_views_carts_wishes_and_orders_without_a_price()
    {
        var clicks = Read("taobao-userbehavior-96k.csv.gz", ClickstreamFormat.Taobao, rows: 48296);
        var byName = ReadClick.CountByName(clicks);
        Assert.Equal((43159, 2621, 1426, 1090),
            (byName["Product Viewed"], byName["Product Added"], byName["Product Added to Wishlist"], byName["Order Completed"]));
        Assert.Equal(29489, Visitors(clicks));
        Assert.Equal(2430, Visitors(clicks, "Product Added"));
        Assert.Equal(1050, Visitors(clicks, "Order Completed"));
        Assert.Equal(48296, clicks.Select(click => click.MessageId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Utc("2017-11-26T01:00:00"), clicks[0].Timestamp);
        Assert.Equal(Utc("2017-11-26T02:55:08"), clicks[^1].Timestamp);
        Assert.DoesNotContain(clicks, click => click.Message.GetRawText().Contains("price", StringComparison.Ordinal));
    }

    [Fact]
    public void Simple_online_shop_steps_become_a_checkout_and_count_as_its_description_counts_them()
    {
        var clicks = Read("simple-onlineshop-32k.csv.gz", ClickstreamFormat.SimpleOnlineShop, rows: 16145);
        var byName = ReadClick.CountByName(clicks);
        var expected = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["page Home"] = 2829,
            ["Product List Viewed"] = 7225,
            ["Product Viewed"] = 761 + 1065,
            ["page Cart"] = 1424,
            ["Cart Viewed"] = 1424,
            ["Checkout Started"] = 856,
            ["Checkout Step Completed"] = 409 + 260,
            ["Checkout Step Viewed"] = 553,
            ["Payment Info Entered"] = 297 + 97,
            ["Order Completed"] = 369,
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), byName.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal((1886, 963, 335), (Visitors(clicks), Visitors(clicks, "Cart Viewed"), Visitors(clicks, "Order Completed")));
        Assert.Equal(clicks.Count, clicks.Select(click => click.MessageId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(1, clicks.Zip(clicks.Skip(1)).Count(pair => pair.Second.TimeMs < pair.First.TimeMs));
        Assert.Equal("stand-in", clicks.First(click => click.Name is "Cart Viewed").Properties.GetProperty("products")[0].GetProperty("product_id").GetString());
    }

    [Fact]
    public void Otto_sessions_are_merged_by_time_and_keep_their_own_order()
    {
        var clicks = Read("otto-sessions-sample.jsonl", ClickstreamFormat.Otto, rows: 10);
        var byName = ReadClick.CountByName(clicks);
        Assert.Equal((522, 21, 5), (byName["Product Viewed"], byName["Product Added"], byName["Order Completed"]));
        Assert.Equal(10, Visitors(clicks));
        Assert.True(clicks.Zip(clicks.Skip(1)).All(pair => pair.First.TimeMs <= pair.Second.TimeMs));
        Assert.Equal(1_659_304_800_025, clicks[0].TimeMs);

        var session0 = clicks.Where(click => click.Key is "0").ToList();
        Assert.Equal(276, session0.Count);
        Assert.Equal("1517085 1563459 1309446 16246", string.Join(' ', session0.Take(4).Select(click => click.Properties.GetProperty("product_id").GetString())));
    }

    [Fact]
    public void Segment_messages_pass_unchanged_with_their_visitor_and_time()
    {
        using var file = ClickstreamFile.Open(SharedFile.PathOf("data/segment-ecommerce-events/ecommerce-track-events.jsonl"));
        Assert.Equal(ClickstreamFormat.SegmentJson, file.Format);
        var clicks = 0;
        var firstValue = "";
        while (file.TryNext(out var click))
        {
            firstValue = clicks++ == 0 ? System.Text.Encoding.UTF8.GetString(click.Value.Span) : firstValue;
            Assert.NotEmpty(click.Key);
            Assert.True(click.TimeMs >= 0);
        }
        Assert.Equal(266, clicks + file.MistakeCount);
        Assert.StartsWith("{\"anonymousId\":\"b255896a-94cd-4bf9-98d5-40389e4b70b8\",\"channel\":\"web\"", firstValue, StringComparison.Ordinal);
        Assert.All(file.Mistakes, mistake => Assert.Contains("neither anonymousId nor userId", mistake.Reason, StringComparison.Ordinal));
    }
}
