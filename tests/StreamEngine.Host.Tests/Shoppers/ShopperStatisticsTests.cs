using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.Clickstreams;
using Xunit;

namespace StreamEngine.Host.Tests.Shoppers;

/// <summary>Generated shoppers beside recorded ones. The recorded figures are those of REES46: gaps within sessions 33 s, 114 s, 377 s; prices 154.4 and 747.2.</summary>
public sealed class ShopperStatisticsTests
{
    private static readonly Lazy<Played> s_played = new(() => Played.From(new ShopperOptions { Seed = 11, Shoppers = 20_000 }));

    private static double Quantile(List<double> values, double share) => values[(int)(share * (values.Count - 1))];

    [Fact]
    public void Pauses_within_a_visit_are_as_recorded()
    {
        var gaps = new List<double>();
        foreach (var clicks in s_played.Value.ByVisitor())
        {
            var times = clicks.DistinctBy(click => click.MessageId, StringComparer.Ordinal).Select(click => click.Timestamp.ToUnixTimeMilliseconds() / 1000.0).Order().ToList();
            gaps.AddRange(times.Zip(times.Skip(1), (earlier, later) => later - earlier).Where(gap => gap < 30 * 60));
        }
        gaps.Sort();
        Assert.InRange(Quantile(gaps, 0.5), 28, 38);
        Assert.InRange(Quantile(gaps, 0.9), 100, 130);
        Assert.InRange(Quantile(gaps, 0.99), 310, 440);
    }

    [Fact]
    public void Visits_are_short_with_a_few_long_ones()
    {
        var counts = s_played.Value.ByVisitor().Select(clicks => (double)clicks.Count).Order().ToList();
        Assert.InRange(Quantile(counts, 0.5), 2, 3);
        Assert.InRange(Quantile(counts, 0.9), 6, 12);
        Assert.InRange(Quantile(counts, 0.99), 15, 30);
    }

    [Fact]
    public void Shares_of_carts_and_purchases_are_as_asked()
    {
        var figures = s_played.Value.Figures;
        Assert.Equal(20_000, figures.Visitors);
        Assert.InRange(figures.Carts / 20_000.0, 0.09, 0.11);
        Assert.InRange((double)figures.Purchases / figures.Carts, 0.42, 0.54);
        Assert.InRange(figures.Duplicates / (double)figures.Records, 0.001, 0.003);
    }

    [Fact]
    public void Prices_are_spread_as_recorded()
    {
        var prices = s_played.Value.Clicks.Where(click => click.Name is "Product Viewed").Select(click => (double)click.Properties.GetProperty("price").GetDecimal()).Order().ToList();
        Assert.InRange(Quantile(prices, 0.5), 145, 163);
        Assert.InRange(Quantile(prices, 0.9), 700, 790);
        Assert.InRange(prices[^1], 2_000, 2_574);
    }

    [Fact]
    public void A_record_has_the_size_of_a_real_one_and_the_envelope_of_the_browser_library()
    {
        var played = s_played.Value;
        Assert.InRange((double)played.Bytes / played.Clicks.Count, 600, 900);
        Assert.All(played.Clicks, click =>
        {
            var context = click.Message.GetProperty("context");
            Assert.Equal("analytics.js", context.GetProperty("library").GetProperty("name").GetString());
            Assert.StartsWith("Mozilla/5.0", context.GetProperty("userAgent").GetString(), StringComparison.Ordinal);
            Assert.Matches("^[a-z]{2}-[A-Z]{2}$", context.GetProperty("locale").GetString()!);
            Assert.StartsWith("https://shop.example/", context.GetProperty("page").GetProperty("url").GetString(), StringComparison.Ordinal);
            Assert.True(Guid.TryParse(click.Key, out _) && Guid.TryParse(click.MessageId, out _));
        });
    }

    [Fact]
    public void Nobody_can_be_reached_at_the_addresses_and_numbers()
    {
        var traits = s_played.Value.Clicks.Where(click => click.Name is "identify").Select(click => click.Message.GetProperty("traits")).ToList();
        Assert.NotEmpty(traits);
        Assert.All(traits, said =>
        {
            Assert.EndsWith("@example.com", said.GetProperty("email").GetString(), StringComparison.Ordinal);
            Assert.Matches(@"^(\+49176040690\d\d|\+3363998\d{4}|\+447700900\d{3})$", said.GetProperty("phone").GetString()!);
            Assert.True(said.GetProperty("consent").GetProperty("sms").GetString() is "granted" or "withdrawn");
        });
    }

    [Fact]
    public void Records_by_kind_are_what_is_in_the_stream()
    {
        var played = s_played.Value;
        var byName = ReadClick.CountByName(played.Clicks);
        Assert.Equal(played.Figures.Records, played.Clicks.Count);
        Assert.Equal(played.Figures.RecordsByKind["ProductViewed"], byName["Product Viewed"]);
        Assert.Equal(played.Figures.RecordsByKind["Page"], byName.Where(pair => pair.Key.StartsWith("page ", StringComparison.Ordinal)).Sum(pair => pair.Value));
        Assert.Equal(played.Figures.RecordsByKind["Identify"], byName["identify"]);
        Assert.All(["Chat Message Received", "Exit Intent Detected", "Page Left", "Checkout Step Viewed", "Consent Updated", "Cart Cleared", "Product Removed"], name => Assert.True(byName[name] > 0));
    }

    [Fact]
    public void Expected_figures_survive_their_json()
    {
        var figures = s_played.Value.Figures;
        Assert.Equal(figures.ToJson(), ExpectedFigures.FromJson(figures.ToJson()).ToJson());
    }
}
