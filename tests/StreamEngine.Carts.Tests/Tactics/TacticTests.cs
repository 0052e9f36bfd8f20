using System.Globalization;
using System.Text;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Tactics;

public sealed class TacticTests
{
    private const long Minute = SessionDriver.Minute;
    private const long Hour = SessionDriver.Hour;
    private const long Day = SessionDriver.Day;

    [Fact]
    public void The_shipped_tactics_tell_a_whole_story()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0)) { WallMs = 0 };
        carts.Feed(Identify(email: "ann@example.com", phone: "+4179", locale: "de-CH"));
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.Feed(Page(PageType.Product));
        carts.Advance(Minute);
        carts.Feed(Add("sku-1", 2, 49.95m));
        carts.Feed(Page(PageType.Cart));
        carts.Advance(45_000);
        carts.Feed(ExitIntent(59));
        carts.Feed(ExitIntent(60));
        carts.Advance(5 * Day);
        Assert.Equal(
            ["product-question", "cart-chat", "stay10", "cart_abandoned", "email-1h", "sms-3h", "email-24h", "email-72h"],
            carts.Actions.Select(a => a.Tactic),
            StringComparer.Ordinal);
        Assert.Empty(carts.Held);
        Assert.Equal(["looked at the cart page for 45 s", "cart of 1 line worth 99.90 EUR"], carts.Actions[1].Reasons, StringComparer.Ordinal);
        Assert.Equal("STAY10", carts.Actions[2].Offer);
        Assert.All(carts.Actions, a => Assert.Equal(("2026-11-01", "de-CH"), (a.TacticsVersion, Encoding.UTF8.GetString(a.Locale!))));
        Assert.All(carts.Actions, a => Assert.StartsWith("c", a.ContactRef, StringComparison.Ordinal));
        Assert.Equal(8, carts.Actions.Select(a => a.Id).Distinct().Count());
    }

    [Fact]
    public void A_purchase_before_a_waiting_message_was_sent_cancels_it()
    {
        var (carts, sms) = WaitingSms();
        carts.AdvanceTo(sms.NotBeforeMs - 1);
        carts.Feed(Order("o-1"));
        var cancelled = Assert.Single(carts.Decided, a => a.Kind == ActionKind.ActionCancelled);
        Assert.Equal((sms.Id, "bought before it was sent"), (cancelled.Cancels, cancelled.Reasons[0]));
        carts.Feed(Order("o-2"));
        Assert.Single(carts.Decided, a => a.Kind == ActionKind.ActionCancelled);
    }

    [Fact]
    public void What_was_due_at_its_channel_is_not_cancelled()
    {
        var (carts, sms) = WaitingSms();
        carts.AdvanceTo(sms.NotBeforeMs);
        carts.Feed(Order("o-1"));
        Assert.DoesNotContain(carts.Decided, a => a.Kind == ActionKind.ActionCancelled);
    }

    [Fact]
    public void What_was_sent_is_not_cancelled()
    {
        var (carts, sms) = WaitingSms();
        carts.Feed(Outcome(ClickKind.MessageSent, sms.Id));
        Assert.Equal(CartPhase.Abandoned, carts.Phase);
        carts.Feed(Order("o-1"));
        Assert.DoesNotContain(carts.Decided, a => a.Kind == ActionKind.ActionCancelled);
    }

    [Fact]
    public void Messages_whose_outcome_was_never_told_do_not_pile_up_in_the_state()
    {
        var carts = new SessionDriver(TacticExamples.Set(TacticExamples.On("ask", ClickKind.CouponDenied) with { DelayMs = Minute }));
        carts.Feed(Add("sku-1"));
        for (var i = 0; i < 100; i++)
        {
            carts.Feed(Of(ClickKind.CouponDenied));
            carts.Advance(Minute);
        }
        Assert.Equal(100, carts.Actions.Count);
        Assert.InRange(carts.Session.Extras.Pending.Count, 0, 2);
    }

    [Theory]
    [InlineData(499.99, false)]
    [InlineData(500, true)]
    [InlineData(999.99, true)]
    [InlineData(1000, false)]
    public void A_value_range_includes_its_lower_end_and_not_its_upper(double price, bool acts)
    {
        Assert.Equal(acts, Acts(Conditions.None with { ValueMin = 500, ValueMax = 1000 }, c => c.Feed(Add("sku-1", 1, (decimal)price))));
    }

    [Fact]
    public void A_cart_in_another_currency_matches_no_value_range()
    {
        Assert.False(Acts(Conditions.None with { ValueMin = 1 }, c => c.Feed(Add("sku-1", 1, 500, "USD"))));
        Assert.True(Acts(Conditions.None with { ValueMin = 1, Currency = Currency.Parse("USD") }, c => c.Feed(Add("sku-1", 1, 500, "USD"))));
    }

    [Theory]
    [InlineData("de", "de", true)]
    [InlineData("de", "de-CH", true)]
    [InlineData("DE", "de_ch", true)]
    [InlineData("de", "den", false)]
    [InlineData("de-CH", "de", false)]
    [InlineData("de-CH", "de-CH", true)]
    [InlineData("de", null, false)]
    public void A_locale_takes_its_regions(string wanted, string? told, bool acts)
    {
        Assert.Equal(acts, Acts(Conditions.None with { Locales = ["xx", wanted] }, c => c.Feed(Add("sku-1").With(k => k.Locale = Text(k, told)))));
    }

    [Fact]
    public void Device_page_and_phase_must_match()
    {
        Assert.True(Acts(Conditions.None with { Devices = [Device.Mobile] }, c => c.Feed(Add("a").With(k => k.Device = Device.Mobile))));
        Assert.False(Acts(Conditions.None with { Devices = [Device.Mobile] }, c => c.Feed(Add("a").With(k => k.Device = Device.Desktop))));
        Assert.False(Acts(Conditions.None with { Devices = [Device.Mobile] }, c => c.Feed(Add("a"))));
        Assert.True(Acts(Conditions.None with { Pages = [PageType.Cart] }, c => c.Feed(Page(PageType.Cart))));
        Assert.False(Acts(Conditions.None with { Pages = [PageType.Cart] }, c => c.Feed(Page(PageType.Home))));
        Assert.True(Acts(Conditions.None with { Phases = [CartPhase.Checkout] }, c => c.Feed(Checkout())));
        Assert.False(Acts(Conditions.None with { Phases = [CartPhase.Checkout] }, c => c.Feed(Add("a"))));
    }

    [Fact]
    public void Somebody_who_has_bought_is_left_alone_unless_the_tactic_asks_for_the_phase()
    {
        Assert.False(Acts(Conditions.None, c => c.Feed(Order("o"))));
        Assert.True(Acts(Conditions.None with { Phases = [CartPhase.Purchased] }, c => c.Feed(Order("o"))));
    }

    [Fact]
    public void Segments_come_from_what_identify_tells_and_from_orders()
    {
        var longAgo = SessionDriver.StartMs - 181 * Day;
        Assert.Equal(VisitorSegment.New, After());
        Assert.Equal(VisitorSegment.New, After(Identify(orderCount: 0)));
        Assert.Equal(VisitorSegment.Returning, After(Identify(orderCount: 2)));
        Assert.Equal(VisitorSegment.Returning, After(Identify(lastOrderAtMs: longAgo + 2 * Day)));
        Assert.Equal(VisitorSegment.Dormant, After(Identify(orderCount: 2, lastOrderAtMs: longAgo)));
        Assert.Equal(VisitorSegment.Returning, After(Order("o")));
        Assert.True(Acts(Conditions.None with { Segments = [VisitorSegment.Returning] }, c => c.Feed(Identify(orderCount: 2))));
        Assert.False(Acts(Conditions.None with { Segments = [VisitorSegment.Returning] }, _ => { }));

        static VisitorSegment After(params Action<Click>[] clicks)
        {
            var carts = new SessionDriver();
            carts.Feed(Page(PageType.Home));
            Array.ForEach(clicks, c => carts.Feed(c));
            return carts.Session.Segment;
        }
    }

    [Fact]
    public void One_visitor_in_ten_is_held_out_and_always_the_same_ones()
    {
        var first = TacticSet.Compile(TacticExamples.Shipped() with { Version = "1" }, Currency.Parse("EUR"));
        var second = TacticSet.Compile(TacticExamples.Shipped() with { Version = "2", Tactics = [] }, Currency.Parse("EUR"));
        var salted = TacticSet.Compile(TacticExamples.Shipped() with { HoldOutSalt = "other" }, Currency.Parse("EUR"));
        var (heldOut, both) = (0, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var visitor = Visitor(i);
            Assert.Equal(first.IsHeldOut(visitor), second.IsHeldOut(visitor));
            heldOut += first.IsHeldOut(visitor) ? 1 : 0;
            both += first.IsHeldOut(visitor) && salted.IsHeldOut(visitor) ? 1 : 0;
        }
        // Four standard deviations of 100,000 draws are 380, and of the one in a hundred that two salts share 126.
        Assert.InRange(heldOut, 9_620, 10_380);
        Assert.InRange(both, 874, 1_126);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 10_000)]
    public void Nobody_and_everybody_can_be_held_out(double percent, int expected)
    {
        var tactics = TacticSet.Compile(TacticExamples.Shipped(percent), Currency.Parse("EUR"));
        Assert.Equal(expected, Enumerable.Range(0, 10_000).Count(i => tactics.IsHeldOut(Visitor(i))));
    }

    [Fact]
    public void Variants_are_seen_by_their_weight_and_each_visitor_keeps_his()
    {
        var tactic = new CompiledTactic(
            TacticExamples.ExitIntent("x") with { Variants = [new Variant("A", 1), new Variant("B", 3), new Variant("never", 0)] }, Currency.Parse("EUR"));
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 40_000; i++)
        {
            var name = TacticSet.VariantFor(tactic, Visitor(i))!.Name;
            Assert.Equal(name, TacticSet.VariantFor(tactic, Visitor(i))!.Name);
            seen[name] = seen.GetValueOrDefault(name) + 1;
        }
        Assert.Equal(2, seen.Count);
        Assert.InRange(seen["A"], 9_650, 10_350);
    }

    [Fact]
    public void A_variant_brings_its_own_template_and_offer_or_keeps_the_tactics()
    {
        var tactic = TacticExamples.On("x", ClickKind.Page) with { Template = "t", Offer = "o", Variants = [new Variant("A", 1), new Variant("B", 1, "tb", "ob")] };
        var seen = new HashSet<(string?, string?, string?)>();
        for (var i = 0; i < 50; i++)
        {
            var carts = new SessionDriver(TacticExamples.Set(tactic), visitor: $"v{i}");
            carts.Feed(Page(PageType.Home));
            var action = Assert.Single(carts.Actions);
            seen.Add((action.Variant, action.Template, action.Offer));
        }
        Assert.Equal([("A", "t", "o"), ("B", "tb", "ob")], seen.OrderBy(s => s.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public void Two_tactics_of_one_name_are_refused()
    {
        var error = Assert.Throws<FormatException>(() =>
            TacticSet.Compile(TacticExamples.Set(TacticExamples.ExitIntent("x"), TacticExamples.ExitIntent("x")), Currency.Parse("EUR")));
        Assert.Contains("rename one", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Visitor(int i) => Encoding.UTF8.GetBytes("visitor-" + i.ToString(CultureInfo.InvariantCulture));

    private static bool Acts(Conditions conditions, Action<SessionDriver> prepare)
    {
        var carts = new SessionDriver(TacticExamples.Set(TacticExamples.On("probe", ClickKind.ProductShared) with { If = conditions }));
        prepare(carts);
        carts.Feed(Of(ClickKind.ProductShared));
        return carts.Actions.Any(a => string.Equals(a.Tactic, "probe", StringComparison.Ordinal));
    }

    private static (SessionDriver Carts, CartAction Sms) WaitingSms()
    {
        var carts = new SessionDriver(TacticExamples.Shipped(0));
        carts.Feed(Consent(Channel.Sms, ConsentState.Granted));
        carts.Feed(Add("sku-1"));
        carts.AdvanceTo(SessionDriver.StartMs + 30 * Minute + Hour);
        carts.Advance(2 * Hour);
        var sms = Assert.Single(carts.ActionsOf("sms-3h"));
        Assert.Equal((HeldReason.None, sms.DueMs + 2 * Minute), (sms.Held, sms.NotBeforeMs));
        return (carts, sms);
    }
}
