using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

/// <summary>Each deadline: the instant before, the instant, and after a gap.</summary>
public sealed class DeadlineTests
{
    private const long Start = SessionDriver.StartMs;
    private const long Second = SessionDriver.Second;
    private const long Minute = SessionDriver.Minute;
    private const long Hour = SessionDriver.Hour;
    private const long Day = SessionDriver.Day;
    private const long IdleDue = Start + 30 * Minute;

    [Fact]
    public void A_cart_is_abandoned_at_the_idle_deadline_and_only_once()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.AdvanceTo(IdleDue - 1);
        Assert.Empty(carts.Decided);
        carts.AdvanceTo(IdleDue);
        var fact = Assert.Single(carts.Decided);
        Assert.Equal((ActionKind.CartAbandoned, IdleDue, 1), (fact.Kind, fact.DueMs, fact.Episode));
        Assert.Equal("no activity for 30 min", Assert.Single(fact.Reasons));
        carts.AdvanceTo(IdleDue + 6 * Day);
        Assert.Single(carts.Decided);
    }

    [Fact]
    public void After_a_gap_the_cart_was_abandoned_at_the_deadline_not_at_the_wake()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.AdvanceTo(IdleDue + 5 * Hour);
        Assert.Equal(IdleDue, Assert.Single(carts.Decided).DueMs);
        Assert.Equal(IdleDue, carts.Session.AbandonedMs);
        Assert.Equal(IdleDue, carts.Moves[^1].AtMs);
    }

    [Fact]
    public void Every_activity_postpones_the_idle_deadline()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.AdvanceTo(IdleDue - 1);
        carts.Feed(Of(ClickKind.ProductViewed));
        carts.AdvanceTo(IdleDue - 1 + 30 * Minute - 1);
        Assert.Empty(carts.Decided);
        carts.Advance(1);
        Assert.Single(carts.Decided);
    }

    [Fact]
    public void A_click_of_the_deadlines_own_instant_comes_after_it()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.AdvanceAsleep(30 * Minute);
        Assert.Equal(Verdict.Reopened, carts.Feed(Page(PageType.Home)));
        Assert.Equal(ActionKind.CartAbandoned, Assert.Single(carts.Decided).Kind);
    }

    [Fact]
    public void Leaving_the_shop_abandons_the_cart_at_the_exit_deadline()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Advance(Minute);
        carts.Feed(PageLeft());
        carts.Advance(5 * Minute - 1);
        Assert.Equal(CartPhase.Carting, carts.Phase);
        carts.Advance(1);
        Assert.Equal("left the shop and did not return for 5 min", Assert.Single(Assert.Single(carts.Decided).Reasons));
        Assert.Equal(Start + 6 * Minute, carts.Session.AbandonedMs);
    }

    [Fact]
    public void Return_in_time_takes_the_exit_deadline_away()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Feed(PageLeft());
        carts.Advance(5 * Minute - 1);
        carts.Feed(Page(PageType.Home));
        carts.Advance(20 * Minute);
        Assert.Equal(CartPhase.Carting, carts.Phase);
    }

    [Fact]
    public void A_click_from_before_the_farewell_is_no_return()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Advance(10 * Second);
        carts.Feed(PageLeft());
        carts.Advance(Second);
        carts.FeedLate(carts.NowMs - 2 * Second, Of(ClickKind.ProductViewed));
        carts.AdvanceTo(Start + 10 * Second + 5 * Minute);
        Assert.Equal(CartPhase.Abandoned, carts.Phase);
    }

    [Fact]
    public void An_exit_deadline_that_went_by_without_a_cart_abandons_no_later_one()
    {
        var carts = new SessionDriver();
        carts.Feed(PageLeft());
        carts.Advance(6 * Minute);
        carts.FeedLate(carts.NowMs - 10 * Minute, Add("sku-1"));
        carts.Advance(Minute);
        Assert.Equal(CartPhase.Carting, carts.Phase);
        carts.Advance(29 * Minute);
        Assert.Equal(carts.NowMs, Assert.Single(carts.Actions).DueMs);
    }

    [Fact]
    public void The_old_pages_farewell_behind_the_new_pages_greeting_is_stale()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Advance(Second);
        carts.Feed(Page(PageType.Cart));
        Assert.Equal(Verdict.Stale, carts.FeedLate(carts.NowMs - 1, PageLeft()));
        Assert.Equal(PageType.Cart, carts.Session.Page);
        carts.Advance(6 * Minute);
        Assert.Equal(CartPhase.Carting, carts.Phase);
    }

    [Fact]
    public void Dwell_fires_at_its_instant_once_and_again_on_a_new_page()
    {
        var carts = new SessionDriver(TacticExamples.Set(TacticExamples.Dwell("chat", PageType.Cart, 45 * Second)));
        carts.Feed(Add("sku-1"));
        carts.Feed(Page(PageType.Cart));
        carts.AdvanceTo(Start + 45 * Second - 1);
        Assert.Empty(carts.Decided);
        carts.AdvanceTo(Start + 45 * Second);
        Assert.Equal(Start + 45 * Second, Assert.Single(carts.Decided).DueMs);
        carts.Feed(Heartbeat());
        carts.Advance(10 * Minute);
        Assert.Single(carts.Decided);
        carts.Feed(Page(PageType.Cart));
        carts.Advance(45 * Second);
        Assert.Equal(2, carts.Decided.Count);
    }

    [Fact]
    public void Another_page_before_the_dwell_takes_it_away()
    {
        var carts = new SessionDriver(TacticExamples.Set(TacticExamples.Dwell("chat", PageType.Cart, 45 * Second)));
        carts.Feed(Page(PageType.Cart));
        carts.Advance(45 * Second - 1);
        carts.Feed(Page(PageType.Home));
        carts.Advance(20 * Minute);
        carts.Feed(Page(PageType.Cart));
        carts.Advance(10 * Second);
        carts.Feed(PageLeft());
        carts.Advance(20 * Minute);
        Assert.Empty(carts.Decided);
    }

    [Fact]
    public void Overdue_deadlines_fire_in_due_order_each_at_its_own_instant()
    {
        var carts = new SessionDriver(TacticExamples.Set(
            TacticExamples.Abandoned("day", Day),
            TacticExamples.Abandoned("at-once", 0),
            TacticExamples.Abandoned("hour-b", Hour),
            TacticExamples.Abandoned("hour-a", Hour),
            TacticExamples.Dwell("chat", PageType.Cart, 45 * Second)))
        {
            WallMs = 0,
        };
        carts.Feed(Add("sku-1"));
        carts.Feed(Page(PageType.Cart));
        carts.AdvanceTo(Start + 20 * Day);
        Assert.Equal(
            [("chat", Start + 45 * Second), ("cart_abandoned", IdleDue), ("at-once", IdleDue), ("hour-b", IdleDue + Hour), ("hour-a", IdleDue + Hour), ("day", IdleDue + Day)],
            carts.Decided.Select(a => (a.Tactic, a.DueMs)));
        Assert.Equal((CartPhase.Lapsed, IdleDue + 7 * Day), (carts.Moves[^1].To, carts.Moves[^1].AtMs));
    }

    [Theory]
    [InlineData(Hour)]
    [InlineData(Day)]
    [InlineData(3 * Day)]
    public void An_offset_fires_at_its_instant_after_the_abandonment(long offset)
    {
        var carts = new SessionDriver(TacticExamples.Set(TacticExamples.Abandoned("mail", offset)));
        carts.Feed(Add("sku-1"));
        carts.AdvanceTo(IdleDue + offset - 1);
        Assert.Empty(carts.ActionsOf("mail"));
        carts.AdvanceTo(IdleDue + offset);
        carts.Advance(Hour);
        var mail = Assert.Single(carts.ActionsOf("mail"));
        Assert.Equal((IdleDue + offset, HeldReason.None), (mail.DueMs, mail.Held));
    }

    [Fact]
    public void The_window_ends_in_Lapsed_at_its_instant()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.AdvanceTo(IdleDue + 7 * Day - 1);
        Assert.Equal(CartPhase.Abandoned, carts.Phase);
        carts.AdvanceTo(IdleDue + 7 * Day);
        Assert.Equal(CartPhase.Lapsed, carts.Moves[^1].To);
        Assert.Null(carts.Current);
    }

    [Fact]
    public void A_browsing_session_ends_when_idle_and_leaves_nothing_behind()
    {
        var carts = new SessionDriver();
        carts.Feed(Page(PageType.Product));
        Assert.False(carts.Session.IsDurable);
        carts.AdvanceTo(IdleDue - 1);
        Assert.NotNull(carts.Current);
        carts.AdvanceTo(IdleDue);
        Assert.Null(carts.Current);
        Assert.Empty(carts.Moves);
        Assert.Empty(carts.Decided);
    }

    [Fact]
    public void A_buyer_is_remembered_for_a_week_then_forgotten()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1"));
        carts.Feed(Order("o-1"));
        carts.AdvanceTo(Start + 7 * Day - 1);
        Assert.Equal(CartPhase.Purchased, carts.Phase);
        carts.AdvanceTo(Start + 7 * Day);
        Assert.Null(carts.Current);
    }

    [Fact]
    public void There_is_always_a_next_deadline()
    {
        foreach (var phase in Enum.GetValues<CartPhase>())
        {
            var carts = CartMovesTests.InPhase(phase);
            Assert.InRange(carts.Actor.NextDueMs(carts.Session), Start, Start + 91 * Day);
        }
    }
}
