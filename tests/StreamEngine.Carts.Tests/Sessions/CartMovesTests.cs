using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

public sealed class CartMovesTests
{
    // Rows: from. Columns: to. Both in the order Browsing, Carting, Checkout, Purchased, Abandoned, Recovered, Lapsed.
    private static readonly string[] Table =
    [
        ".xxx...",
        "x.xxxx.",
        "xx.xxx.",
        ".xxx...",
        ".x...xx",
        ".xxx...",
        ".xxx...",
    ];

    [Fact]
    public void Exactly_the_drawn_moves_are_allowed()
    {
        foreach (var from in Enum.GetValues<CartPhase>())
        {
            foreach (var to in Enum.GetValues<CartPhase>())
            {
                Assert.True(Table[(int)from][(int)to] == 'x' == CartMoves.IsAllowed(from, to), $"{from} -> {to}");
            }
        }
        Assert.Equal(CartMoves.PhaseCount, Enum.GetValues<CartPhase>().Length);
    }

    [Fact]
    public void A_move_that_the_table_does_not_allow_fails_the_turn_loudly()
    {
        foreach (var from in Enum.GetValues<CartPhase>())
        {
            foreach (var to in Enum.GetValues<CartPhase>())
            {
                if (CartMoves.IsAllowed(from, to))
                {
                    CartMoves.Require(from, to);
                    continue;
                }
                var error = Assert.Throws<SessionCorruptException>(() => CartMoves.Require(from, to));
                Assert.Equal($"A session cannot move from {from} to {to}.", error.Message);
            }
        }
    }

    [Theory]
    [InlineData(CartPhase.Browsing, CartPhase.Purchased)]
    [InlineData(CartPhase.Carting, CartPhase.Purchased)]
    [InlineData(CartPhase.Checkout, CartPhase.Purchased)]
    [InlineData(CartPhase.Purchased, CartPhase.Purchased)]
    [InlineData(CartPhase.Abandoned, CartPhase.Recovered)]
    [InlineData(CartPhase.Recovered, CartPhase.Purchased)]
    [InlineData(CartPhase.Lapsed, CartPhase.Purchased)]
    public void A_purchase_closes_from_every_phase(CartPhase from, CartPhase to)
    {
        var carts = InPhase(from);
        carts.Advance(SessionDriver.Second);
        Assert.Equal(Verdict.Applied, carts.Feed(Order("late-order")));
        Assert.Equal(to, carts.Phase);
        Assert.Equal(from, carts.Moves[^1].From);
        Assert.Equal(0, carts.Session.Lines.Count);
    }

    [Fact]
    public void A_purchase_that_overtakes_the_lapse_closes_the_lapsed_cart()
    {
        // The visitor's deadlines are set aside, so nobody lapsed the cart before the order came.
        var carts = InPhase(CartPhase.Abandoned);
        carts.AdvanceAsleep(30 * SessionDriver.Day);
        Assert.Equal(Verdict.Applied, carts.FeedAsleep(Order("o")));
        Assert.Equal(CartPhase.Purchased, carts.Phase);
        Assert.DoesNotContain(carts.Decided, a => a.Kind == ActionKind.CartRecovered);
    }

    [Theory]
    [InlineData(CartPhase.Browsing)]
    [InlineData(CartPhase.Purchased)]
    [InlineData(CartPhase.Recovered)]
    [InlineData(CartPhase.Lapsed)]
    public void A_product_opens_a_cart_from_every_closed_phase(CartPhase from)
    {
        var carts = InPhase(from);
        carts.Advance(SessionDriver.Second);
        carts.Feed(Add("sku-new"));
        Assert.Equal(CartPhase.Carting, carts.Phase);
        Assert.Equal(1, carts.Session.Lines.Count);
        Assert.Equal(0, carts.Session.AbandonedMs);
    }

    /// <summary>A session that walked there and is remembered.</summary>
    internal static SessionDriver InPhase(CartPhase phase)
    {
        var carts = new SessionDriver();
        carts.Feed(Identify(email: "ann@example.com"));
        carts.Session.RememberUntilMs = SessionDriver.StartMs + 90 * SessionDriver.Day;
        if (phase == CartPhase.Browsing)
        {
            return carts;
        }
        carts.Feed(Add("sku-1"));
        switch (phase)
        {
            case CartPhase.Checkout: carts.Feed(Checkout()); break;
            case CartPhase.Purchased: carts.Feed(Order("first")); break;
            case CartPhase.Abandoned: carts.Advance(SessionDriver.Hour); break;
            case CartPhase.Recovered:
                carts.Advance(SessionDriver.Hour);
                carts.Feed(Order("first"));
                break;
            case CartPhase.Lapsed: carts.Advance(8 * SessionDriver.Day); break;
        }
        Assert.Equal(phase, carts.Phase);
        return carts;
    }
}
