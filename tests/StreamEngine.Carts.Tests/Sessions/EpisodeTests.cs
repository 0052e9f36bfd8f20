using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

public sealed class EpisodeTests
{
    private const long Start = SessionDriver.StartMs;
    private const long Minute = SessionDriver.Minute;
    private const long Hour = SessionDriver.Hour;
    private const long Day = SessionDriver.Day;
    private const long IdleDue = Start + 30 * Minute;

    [Fact]
    public void A_visitor_who_returns_reopens_the_cart_and_may_abandon_it_again()
    {
        var carts = Abandoned();
        carts.Advance(Hour);
        Assert.Equal(Verdict.Reopened, carts.Feed(Page(PageType.Cart)));
        Assert.Equal(Verdict.Applied, carts.Feed(Page(PageType.Cart)));
        Assert.Equal((CartPhase.Carting, 1), (carts.Phase, carts.Session.Lines.Count));
        carts.Advance(30 * Minute);
        Assert.Equal([1, 2], carts.Decided.Select(a => a.Episode));
        Assert.Equal(2, carts.Decided.Select(a => a.Id).Distinct().Count());
    }

    [Fact]
    public void Neither_a_heartbeat_nor_a_late_click_nor_a_farewell_nor_an_identify_reopens()
    {
        var carts = Abandoned();
        Assert.Equal(Verdict.Applied, carts.Feed(Heartbeat()));
        Assert.Equal(Verdict.Stale, carts.FeedLate(Start - 1, Page(PageType.Cart)));
        Assert.Equal(Verdict.Stale, carts.FeedLate(Start - 1, Add("sku-2")));
        Assert.Equal(Verdict.Applied, carts.Feed(PageLeft()));
        Assert.Equal(Verdict.Applied, carts.Feed(Identify(locale: "de")));
        Assert.Equal((CartPhase.Abandoned, 1), (carts.Phase, carts.Session.Lines.Count));
    }

    [Theory]
    [InlineData(0, CartPhase.Recovered)]
    [InlineData(7 * Day - 1, CartPhase.Recovered)]
    [InlineData(7 * Day, CartPhase.Purchased)]
    public void An_order_recovers_strictly_within_the_window(long afterMs, CartPhase expected)
    {
        var carts = Abandoned();
        carts.Advance(afterMs);
        carts.Feed(Order("o-1", 25));
        Assert.Equal(expected, carts.Phase);
        var recovered = carts.Decided.FindAll(a => a.Kind == ActionKind.CartRecovered);
        Assert.Equal(expected == CartPhase.Recovered ? 1 : 0, recovered.Count);
        Assert.All(recovered, a => Assert.Equal((2500L, "EUR", 1), (a.OrderValueMinor, a.OrderCurrency.ToString(), a.Cart.Lines.Count)));
    }

    [Fact]
    public void An_order_after_the_return_recovers_too()
    {
        var carts = Abandoned();
        carts.Feed(Page(PageType.Cart));
        carts.Feed(Checkout());
        carts.Feed(Order("o-1"));
        Assert.Equal(CartPhase.Recovered, carts.Phase);
        Assert.Equal("ordered for 10.00 EUR, 0 s after the cart was abandoned", Assert.Single(carts.Decided[^1].Reasons));
    }

    [Fact]
    public void The_next_cart_of_a_buyer_is_not_recovered_by_the_old_episode()
    {
        var carts = Abandoned();
        carts.Feed(Order("o-1"));
        carts.Advance(Minute);
        carts.Feed(Add("sku-2"));
        carts.Feed(Order("o-2"));
        Assert.Equal(CartPhase.Purchased, carts.Phase);
        Assert.Single(carts.Decided, a => a.Kind == ActionKind.CartRecovered);
    }

    [Fact]
    public void A_purchase_takes_every_later_reminder_away()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0));
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.Feed(Add("sku-1"));
        carts.AdvanceTo(IdleDue + Hour - 1);
        carts.Feed(Order("o-1"));
        carts.AdvanceTo(IdleDue + 8 * Day);
        Assert.Equal([ActionKind.CartAbandoned, ActionKind.CartRecovered], carts.Decided.Select(a => a.Kind));
    }

    [Fact]
    public void An_emptied_cart_ends_quietly()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0));
        carts.Feed(Add("sku-1", 2));
        carts.Feed(Remove("sku-1", 1));
        Assert.Equal((CartPhase.Carting, 1000L), (carts.Phase, carts.Session.ValueMinor));
        carts.Feed(Remove("sku-1", 1));
        Assert.Equal(CartPhase.Browsing, carts.Phase);
        carts.Feed(Add("sku-2"));
        carts.Advance(1);
        carts.Feed(CartViewed());
        Assert.Equal(CartPhase.Browsing, carts.Phase);
        carts.Feed(Add("sku-3"));
        carts.Advance(1);
        carts.Feed(Of(ClickKind.CartCleared));
        Assert.Equal(CartPhase.Browsing, carts.Phase);
        carts.Advance(10 * Day);
        Assert.Empty(carts.Decided);
    }

    [Fact]
    public void The_cart_page_leads_back_from_checkout_and_a_snapshot_in_checkout_does_not()
    {
        var carts = new SessionDriver();
        carts.Feed(Page(PageType.Cart));
        carts.Feed(Add("sku-1"));
        carts.Feed(Checkout());
        carts.Feed(Page(PageType.Checkout));
        carts.Feed(CartViewed(("sku-1", 1, 10)));
        Assert.Equal(CartPhase.Checkout, carts.Phase);
        carts.Feed(Page(PageType.Cart));
        Assert.Equal(CartPhase.Carting, carts.Phase);
    }

    [Fact]
    public void A_session_that_was_forgotten_begins_anew_with_new_ids()
    {
        var carts = Abandoned();
        carts.Advance(8 * Day);
        Assert.Null(carts.Current);
        carts.Feed(Add("sku-1"));
        carts.Advance(30 * Minute);
        Assert.Equal(2, carts.SessionsBegun);
        Assert.Equal([1, 1], carts.Decided.Select(a => a.Episode));
        Assert.NotEqual(carts.Decided[0].Id, carts.Decided[1].Id);
    }

    private static SessionDriver Abandoned()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.AdvanceTo(IdleDue);
        Assert.Equal(CartPhase.Abandoned, carts.Phase);
        return carts;
    }
}
