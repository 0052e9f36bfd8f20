using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Tactics;

/// <summary>Every reason not to act, with its sentence; and that it is recorded once a cart.</summary>
public sealed class HeldReasonTests
{
    private const long Minute = SessionDriver.Minute;
    private const long Hour = SessionDriver.Hour;
    private const long Day = SessionDriver.Day;

    private static readonly Tactic Exit = TacticExamples.ExitIntent("exit") with { ExpiresMs = Minute };

    [Fact]
    public void The_limit_per_cart_starts_anew_with_the_next_cart()
    {
        var carts = Carting(Exit with { Limits = new Limits(PerCart: 2) });
        Show(carts, 4);
        Assert.Equal(
            [HeldReason.None, HeldReason.None, HeldReason.LimitPerCart], carts.Decided.Select(a => a.Held));
        Assert.Equal("held back: already acted 2 times for this cart", carts.Decided[2].Reasons[0]);
        carts.Feed(Order("o-1"));
        carts.Advance(1);
        carts.Feed(Add("sku-2"));
        Show(carts, 3);
        Assert.Equal([HeldReason.None, HeldReason.None, HeldReason.LimitPerCart], carts.Decided.Skip(3).Select(a => a.Held));
        Assert.Equal([1, 2, 3, 4, 5, 6], carts.Decided.Select(a => a.Occurrence));
    }

    [Fact]
    public void The_limit_per_visitor_outlives_the_cart()
    {
        var carts = Carting(Exit with { Limits = new Limits(PerVisitor: 1) });
        Show(carts, 2);
        carts.Feed(Order("o-1"));
        carts.Advance(1);
        carts.Feed(Add("sku-2"));
        Show(carts, 2);
        Assert.Equal([HeldReason.None, HeldReason.LimitPerVisitor, HeldReason.LimitPerVisitor], carts.Decided.Select(a => a.Held));
        Assert.Equal("held back: already acted once for this visitor", carts.Decided[1].Reasons[0]);
    }

    [Theory]
    [InlineData(Hour - 1, HeldReason.LimitPerWindow)]
    [InlineData(Hour, HeldReason.None)]
    public void The_rolling_window_is_free_again_at_its_exact_end(long afterFirstMs, HeldReason expected)
    {
        var carts = Carting(Exit with { Limits = new Limits(WindowCount: 2, WindowMs: Hour) });
        var first = carts.NowMs;
        carts.Feed(ExitIntent());
        carts.Advance(10 * Minute);
        carts.Feed(ExitIntent());
        for (var t = 20 * Minute; t < afterFirstMs - Minute; t += 20 * Minute)
        {
            carts.AdvanceTo(first + t);
            carts.Feed(Heartbeat());
        }
        carts.AdvanceTo(first + afterFirstMs);
        carts.Feed(ExitIntent());
        Assert.Equal(expected, carts.Decided[^1].Held);
        if (expected == HeldReason.LimitPerWindow)
        {
            Assert.Equal("held back: already acted 2 times within 1 h", carts.Decided[^1].Reasons[0]);
            return;
        }
        // Full again until ten minutes later.
        carts.Feed(ExitIntent());
        Assert.Equal(HeldReason.LimitPerWindow, carts.Decided[^1].Held);
    }

    [Fact]
    public void Without_the_consent_asked_for_it_is_held_back_and_a_no_weighs_more()
    {
        var sms = TacticExamples.On("sms", ClickKind.CouponDenied) with { Do = ActionKind.SmsReminder, If = Conditions.None with { Consent = [Channel.Sms] } };
        var carts = Carting(sms);
        carts.Feed(Of(ClickKind.CouponDenied));
        carts.Feed(Of(ClickKind.CouponDenied));
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.Feed(Of(ClickKind.CouponDenied));
        carts.Feed(Consent(Channel.Sms, ConsentState.Withdrawn));
        carts.Feed(Of(ClickKind.CouponDenied));
        Assert.Equal([HeldReason.NoConsent, HeldReason.None, HeldReason.ConsentWithdrawn], carts.Decided.Select(a => a.Held));
        Assert.Equal("held back: no consent for SMS", carts.Decided[0].Reasons[0]);
        Assert.Contains("consent given for SMS", carts.Decided[1].Reasons, StringComparer.Ordinal);
        Assert.Equal("held back: consent for SMS was withdrawn", carts.Decided[2].Reasons[0]);
    }

    [Fact]
    public void A_withdrawn_channel_is_not_used_even_where_no_consent_is_asked_for()
    {
        var carts = new SessionDriver(TacticExamples.Set(TacticExamples.Abandoned("mail", Hour)));
        carts.Feed(Add("sku-1"));
        carts.Feed(Consent(Channel.Email, ConsentState.Withdrawn));
        carts.Advance(Day);
        Assert.Equal("held back: consent for e-mail was withdrawn", Assert.Single(carts.ActionsOf("mail")).Reasons[0]);
    }

    [Theory]
    [InlineData(6 * Hour, HeldReason.None)]
    [InlineData(6 * Hour + 1, HeldReason.Expired)]
    public void Whether_an_overdue_action_is_of_use_is_judged_by_the_wall_clock(long lateMs, HeldReason expected)
    {
        var carts = new SessionDriver(TacticExamples.Set(TacticExamples.Abandoned("mail", Hour) with { ExpiresMs = 6 * Hour }));
        carts.Feed(Add("sku-1"));
        var due = SessionDriver.StartMs + 30 * Minute + Hour;
        carts.WallMs = due + lateMs;
        carts.AdvanceTo(due);
        var mail = Assert.Single(carts.ActionsOf("mail"));
        Assert.Equal((expected, due, due + 6 * Hour), (mail.Held, mail.DueMs, mail.ExpiresMs));
        if (expected == HeldReason.Expired)
        {
            Assert.Equal("held back: overdue by more than 6 h, of no use any more", mail.Reasons[0]);
        }
    }

    [Fact]
    public void An_expired_action_does_not_count_against_the_limit()
    {
        var carts = Carting(Exit with { Limits = new Limits(PerCart: 1) });
        carts.WallMs = carts.NowMs + Hour;
        carts.Feed(ExitIntent());
        carts.WallMs = null;
        carts.Feed(ExitIntent());
        Assert.Equal([HeldReason.Expired, HeldReason.None], carts.Decided.Select(a => a.Held));
    }

    [Fact]
    public void A_held_out_visitor_gets_nothing_and_counts_against_the_limits_as_if()
    {
        var set = TacticExamples.Set(Exit with { Limits = new Limits(PerCart: 1) }) with { HoldOutPercent = 10 };
        var visitor = TacticExamples.Visitor(TacticSet.Compile(set, Currency.Parse("EUR")), isHeldOut: true);
        var carts = new SessionDriver(set, visitor: visitor);
        carts.Feed(Add("sku-1"));
        Show(carts, 3);
        Assert.Equal([HeldReason.HoldOut, HeldReason.LimitPerCart], carts.Decided.Select(a => a.Held));
        Assert.Equal("held back: the visitor belongs to the hold-out group", carts.Decided[0].Reasons[0]);
        carts.Advance(Hour);
        Assert.Equal(ActionKind.CartAbandoned, Assert.Single(carts.Actions).Kind);
    }

    [Fact]
    public void A_replaced_tactic_names_the_one_that_acts_instead()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0)) { WallMs = 0 };
        carts.Feed(Add("sku-1", 1, 500));
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.Advance(6 * Day);
        Assert.Equal(["cart_abandoned", "vip-agent"], carts.Actions.Select(a => a.Tactic), StringComparer.Ordinal);
        Assert.Equal(["email-1h", "sms-3h", "email-24h", "email-72h"], carts.Held.Select(a => a.Tactic), StringComparer.Ordinal);
        Assert.All(carts.Held, a => Assert.Equal((HeldReason.Replaced, "held back: 'vip-agent' acts instead"), (a.Held, a.Reasons[0])));
        Assert.Equal("anna.keller", carts.Actions[1].Agent);
    }

    private static SessionDriver Carting(Tactic tactic)
    {
        var carts = new SessionDriver(TacticExamples.Set(tactic));
        carts.Feed(Add("sku-1"));
        return carts;
    }

    private static void Show(SessionDriver carts, int times)
    {
        for (var i = 0; i < times; i++)
        {
            carts.Feed(ExitIntent());
        }
    }
}
