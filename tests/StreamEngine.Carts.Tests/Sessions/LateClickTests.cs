using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

/// <summary>Clicks that come twice, late, or behind the order they belong to.</summary>
public sealed class LateClickTests
{
    private const long Second = SessionDriver.Second;
    private const long Minute = SessionDriver.Minute;

    [Fact]
    public void The_last_sixteen_messages_are_known_and_the_seventeenth_is_not()
    {
        var carts = new SessionDriver();
        for (ulong id = 1; id <= 17; id++)
        {
            Assert.Equal(Verdict.Applied, carts.Feed(Add("sku-1", messageId: id)));
        }
        for (ulong id = 2; id <= 17; id++)
        {
            Assert.Equal(Verdict.Duplicate, carts.Feed(Add("sku-1", messageId: id)));
        }
        Assert.Equal(17, carts.Session.Lines[0].Quantity);
        Assert.Equal(Verdict.Applied, carts.Feed(Add("sku-1", messageId: 1)));
        Assert.Equal(Verdict.Duplicate, carts.Feed(Add("sku-1", messageId: 3)));
    }

    [Fact]
    public void A_refused_message_is_not_remembered_as_applied()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        Assert.Equal(Verdict.Malformed, carts.Feed(Add("sku-2", currency: "USD", messageId: 5)));
        Assert.Equal(Verdict.Applied, carts.Feed(Add("sku-2", messageId: 5)));
    }

    [Fact]
    public void An_order_is_known_by_its_id_whatever_the_message()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        Assert.Equal(Verdict.Applied, carts.Feed(Order("o-1", messageId: 1)));
        Assert.Equal(Verdict.Duplicate, carts.Feed(Order("o-1", messageId: 2)));
        carts.Feed(Order(messageId: 3));
        Assert.Equal(Verdict.Duplicate, carts.Feed(Order("o-1", messageId: 4)));
    }

    [Fact]
    public void A_duplicate_order_leaves_the_next_cart_open()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Feed(Order("o-1"));
        carts.Advance(Minute);
        carts.Feed(Add("sku-2"));
        Assert.Equal(Verdict.Duplicate, carts.Feed(Order("o-1")));
        Assert.Equal(CartPhase.Carting, carts.Phase);
    }

    [Fact]
    public void A_snapshot_older_than_the_last_change_is_stale()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Advance(Second);
        carts.Feed(Add("sku-2"));
        Assert.Equal(Verdict.Stale, carts.FeedLate(carts.NowMs - 1, CartViewed(("sku-1", 1, 10))));
        Assert.Equal(2, carts.Session.Lines.Count);
        Assert.Equal(Verdict.Applied, carts.FeedLate(carts.NowMs, CartViewed(("sku-1", 1, 10))));
        Assert.Equal(1, carts.Session.Lines.Count);
    }

    [Fact]
    public void A_late_addition_or_removal_that_a_snapshot_contains_is_stale()
    {
        var carts = new SessionDriver();
        carts.Advance(Minute);
        carts.Feed(CartViewed(("sku-1", 2, 10)));
        Assert.Equal(Verdict.Stale, carts.FeedLate(carts.NowMs - 1, Add("sku-1")));
        Assert.Equal(Verdict.Stale, carts.FeedLate(carts.NowMs - 1, Remove("sku-1")));
        Assert.Equal(2, carts.Session.Lines[0].Quantity);
    }

    [Fact]
    public void A_late_addition_counts_but_turns_no_page()
    {
        var carts = new SessionDriver();
        carts.Feed(Page(PageType.Cart));
        Assert.Equal(Verdict.Applied, carts.FeedLate(carts.NowMs - 1, Add("sku-1").With(c => c.Page = PageType.Product)));
        Assert.Equal((PageType.Cart, 1), (carts.Session.Page, carts.Session.Lines.Count));
    }

    [Fact]
    public void A_page_that_shows_what_was_bought_reopens_nothing()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Feed(Add("sku-2"));
        carts.Feed(Order("o-1"));
        carts.Advance(Second);
        Assert.Equal(Verdict.Stale, carts.Feed(CartViewed(("sku-2", 1, 10), ("sku-1", 1, 10))));
        Assert.Equal(Verdict.Stale, carts.Feed(Snapshot(ClickKind.CheckoutStepCompleted, null, ("sku-2", 1, 10), ("sku-1", 1, 10))));
        Assert.Equal(CartPhase.Purchased, carts.Phase);
        Assert.Equal(Verdict.Applied, carts.Feed(CartViewed(("sku-3", 1, 10))));
        Assert.Equal(CartPhase.Carting, carts.Phase);
    }

    [Fact]
    public void The_bought_cart_is_recognised_also_where_one_product_stands_in_two_lines()
    {
        var carts = new SessionDriver();
        carts.Feed(CartViewed(("shirt", 1, 10), ("shirt", 1, 12), ("shirt", 1, 10)));
        carts.Feed(Order("o-1"));
        carts.Advance(Second);
        Assert.Equal(Verdict.Stale, carts.Feed(CartViewed(("shirt", 1, 10), ("shirt", 1, 12), ("shirt", 1, 10))));
    }

    [Fact]
    public void Cart_clicks_from_before_the_order_belong_to_what_was_bought()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Advance(Minute);
        carts.Feed(Order("o-1"));
        carts.Advance(Second);
        var before = carts.NowMs - 2 * Second;
        Assert.Equal(Verdict.Stale, carts.FeedLate(before, Add("sku-2")));
        Assert.Equal(Verdict.Stale, carts.FeedLate(before, Remove("sku-1")));
        Assert.Equal(Verdict.Stale, carts.FeedLate(before, CartViewed(("sku-9", 1, 1))));
        Assert.Equal(Verdict.Stale, carts.FeedLate(before, Of(ClickKind.CartCleared)));
        Assert.Equal(Verdict.Stale, carts.FeedLate(before, Checkout()));
        Assert.Equal(Verdict.Stale, carts.FeedLate(before, Coupon("OLD")));
        Assert.Equal(CartPhase.Purchased, carts.Phase);
        carts.Feed(Add("sku-3"));
        Assert.Null(carts.Session.Extras.Coupon);
    }

    [Fact]
    public void A_checkout_step_behind_the_order_opens_no_cart_and_leaves_no_trace_on_the_next()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Feed(Order("o-1"));
        carts.Advance(Second);
        Assert.Equal(Verdict.Applied, carts.Feed(Checkout(ClickKind.CheckoutStepCompleted, 99, "USD", "old-checkout")));
        Assert.Equal(CartPhase.Purchased, carts.Phase);
        Assert.Equal((0L, "EUR"), (carts.Session.ValueMinor, carts.Session.Currency.ToString()));
        carts.Feed(Add("sku-2"));
        Assert.Equal(0, carts.Session.Extras.CheckoutId.Count);
    }

    [Fact]
    public void A_visitor_who_returns_after_the_lapse_may_begin_at_the_checkout()
    {
        var carts = CartMovesTests.InPhase(CartPhase.Lapsed);
        carts.Feed(Checkout(value: 80));
        Assert.Equal((CartPhase.Checkout, 8000L), (carts.Phase, carts.Session.ValueMinor));
    }

    [Fact]
    public void A_late_yes_does_not_undo_a_newer_no()
    {
        var carts = new SessionDriver();
        carts.Advance(Minute);
        carts.Feed(Consent(Channel.Sms, ConsentState.Withdrawn));
        carts.Restart();
        Assert.Equal(Verdict.Stale, carts.FeedLate(carts.NowMs - 1, Consent(Channel.Sms, ConsentState.Granted)));
        Assert.Equal(Verdict.Applied, carts.FeedLate(carts.NowMs - 1, Identify(email: "a@b.c").With(c => c.Consents = c.Consents.With(Channel.Sms, ConsentState.Granted))));
        Assert.Equal((ConsentState.Withdrawn, true), (carts.Session.Consents[Channel.Sms], carts.Session.HasEmail));
        Assert.Equal(Verdict.Applied, carts.FeedLate(carts.NowMs, Consent(Channel.Sms, ConsentState.Granted)));
        Assert.Equal(ConsentState.Granted, carts.Session.Consents[Channel.Sms]);
    }

    [Fact]
    public void A_no_counts_however_late_it_comes()
    {
        var carts = new SessionDriver();
        carts.Advance(Minute);
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        Assert.Equal(Verdict.Applied, carts.FeedLate(carts.NowMs - Second, Consent(Channel.Sms, ConsentState.Withdrawn)));
        Assert.Equal(ConsentState.Withdrawn, carts.Session.Consents[Channel.Sms]);
        Assert.Equal(Verdict.Applied, carts.FeedLate(carts.NowMs - Second + 1, Consent(Channel.Sms, ConsentState.Granted)));
        Assert.Equal(ConsentState.Granted, carts.Session.Consents[Channel.Sms]);
    }

    [Fact]
    public void A_no_to_one_channel_does_not_age_a_yes_to_another()
    {
        var carts = new SessionDriver();
        carts.Advance(Minute);
        carts.Feed(Consent(Channel.Sms, ConsentState.Withdrawn));
        Assert.Equal(Verdict.Applied, carts.FeedLate(carts.NowMs - 1, c =>
        {
            Consent(Channel.Sms, ConsentState.Granted)(c);
            c.Consents = c.Consents.With(Channel.Email, ConsentState.Granted);
        }));
        Assert.Equal((ConsentState.Withdrawn, ConsentState.Granted), (carts.Session.Consents[Channel.Sms], carts.Session.Consents[Channel.Email]));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(600)]
    [InlineData(5_000)]
    [InlineData(100_000)]
    public void A_rate_that_is_no_whole_number_of_milliseconds_is_kept_to(int perSecond)
    {
        var carts = new SessionDriver(options: new SessionOptions { ClicksPerSecondMax = perSecond, ClickBurstMax = perSecond });
        Assert.Equal(perSecond, Passed());
        carts.Advance(10);
        Assert.Equal(perSecond / 100, Passed());

        int Passed()
        {
            var before = carts.Verdicts.Count;
            while (carts.Feed(Heartbeat()) != Verdict.Throttled)
            {
                Assert.True(carts.Verdicts.Count - before <= 2 * perSecond, "Nothing is throttled.");
            }
            return carts.Verdicts.Count - before - 1;
        }
    }

    [Fact]
    public void Above_the_burst_clicks_are_only_counted_but_orders_and_consents_pass()
    {
        var carts = new SessionDriver(options: new SessionOptions { ClicksPerSecondMax = 10, ClickBurstMax = 5 });
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Verdict.Applied, carts.Feed(Add("sku-1")));
        }
        Assert.Equal(Verdict.Throttled, carts.Feed(Add("sku-1")));
        Assert.Equal(5, carts.Session.Lines[0].Quantity);
        carts.Advance(99);
        Assert.Equal(Verdict.Throttled, carts.Feed(Add("sku-1")));
        carts.Advance(1);
        Assert.Equal(Verdict.Applied, carts.Feed(Add("sku-1")));
        Assert.Equal(Verdict.Throttled, carts.Feed(Add("sku-1")));
        Assert.Equal(Verdict.Applied, carts.Feed(Consent(Channel.Sms, ConsentState.Withdrawn)));
        Assert.Equal(Verdict.Applied, carts.Feed(Identify(email: "a@b.c")));
        Assert.Equal(Verdict.Applied, carts.Feed(Order("o-1")));
        Assert.Equal(CartPhase.Purchased, carts.Phase);
    }
}
