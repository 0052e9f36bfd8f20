using StreamEngine.Carts;
using StreamEngine.Carts.Sessions;
using StreamEngine.Host.Shoppers;
using Xunit;

namespace StreamEngine.Host.Tests.Shoppers;

public sealed class ExpectedFiguresTests
{
    /// <summary>Many carts and a lot of trouble: every plan and every disturbance meets every other.</summary>
    private static readonly ShopperOptions s_troubled = new()
    {
        Shoppers = 4_000,
        CartShare = 0.6,
        EmptyShare = 0.1,
        ReturnAndBuyShare = 0.3,
        ReturnAndLeaveShare = 0.3,
        DuplicateShare = 0.1,
        LateShare = 0.1,
        PageLeftShare = 0.7,
        ChatShare = 0.3,
    };

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(2, true, false)]
    [InlineData(3, false, true)]
    [InlineData(4, false, false)]
    public void Judged_click_by_click_the_stream_gives_the_figures_that_were_planned(ulong seed, bool isOldActivity, bool runsFromDelivery) =>
        AssertFigures(s_troubled with { Seed = seed }, isOldActivity, runsFromDelivery, marginMsMin: 60_000);

    [Theory]
    [InlineData(30_000, 10_000)]
    [InlineData(60_000, 300_000)]
    [InlineData(600_000, 60_000)]
    [InlineData(7_200_000, 1_000_000)]
    public void The_figures_hold_for_other_session_options(long idleAfterMs, long exitAfterMs)
    {
        var sessions = new SessionOptions { IdleAfterMs = idleAfterMs, ExitAfterMs = exitAfterMs, Currency = Currency.Parse("USD") };
        AssertFigures(s_troubled with { Seed = 5, Shoppers = 1_500, Sessions = sessions }, isOldActivity: true, runsFromDelivery: true, Math.Min(idleAfterMs, exitAfterMs) / 4);
        AssertFigures(s_troubled with { Seed = 6, Shoppers = 1_500, Sessions = sessions }, isOldActivity: false, runsFromDelivery: false, Math.Min(idleAfterMs, exitAfterMs) / 4);
    }

    private static void AssertFigures(ShopperOptions options, bool isOldActivity, bool runsFromDelivery, long marginMsMin)
    {
        var played = Played.From(options);
        var figures = played.Figures;
        var judges = new List<PlainJudge>();
        foreach (var clicks in played.ByVisitor())
        {
            var judge = new PlainJudge(figures, isOldActivity, runsFromDelivery);
            clicks.ForEach(judge.Judge);
            judge.End();
            judges.Add(judge);
        }
        var currency = options.Sessions.Currency.ToString();
        Assert.Equal(figures.Visitors, judges.Count);
        Assert.Equal(
            (figures.Carts, figures.Purchases, figures.CartsAbandoned, figures.AbandonedValueMinor[currency], figures.CartsRecovered, figures.RecoveredValueMinor[currency]),
            (judges.Count(judge => judge.HadCart), judges.Sum(judge => judge.Purchases), judges.Sum(judge => judge.Abandonments),
                judges.Sum(judge => judge.AbandonedMinor), judges.Sum(judge => judge.Recoveries), judges.Sum(judge => judge.RecoveredMinor)));
        Assert.All([figures.Carts, figures.Purchases, figures.CartsAbandoned, figures.CartsRecovered, figures.CartsEmptied, figures.Late], count => Assert.True(count > 10));
        Assert.True(figures.DuplicatesByKind["ProductAdded"] > 10);
        Assert.True(judges.Min(judge => judge.MarginMs) >= marginMsMin, $"a deadline is missed or met by {judges.Min(judge => judge.MarginMs)} ms only");
    }

    [Fact]
    public void Repeated_clicks_follow_their_original_before_an_engine_may_forget_it()
    {
        foreach (var clicks in Played.From(s_troubled).ByVisitor())
        {
            var remembered = new List<string>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var click in clicks.Where(click => click.Name is "Product Added" or "Chat Message Received"))
            {
                Assert.True(seen.Add(click.MessageId) || remembered[^Math.Min(16, remembered.Count)..].Contains(click.MessageId, StringComparer.Ordinal));
                remembered.Add(click.MessageId);
            }
        }
    }
}
