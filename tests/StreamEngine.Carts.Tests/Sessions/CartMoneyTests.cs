using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;
using Xunit;
using static StreamEngine.TestKit.ClickExamples;

namespace StreamEngine.Carts.Tests.Sessions;

/// <summary>A wrong total never: a click that cannot be added up is refused whole.</summary>
public sealed class CartMoneyTests
{
    [Theory]
    [InlineData("EUR", 12.345, 1235)]
    [InlineData("JPY", 120.5, 121)]
    [InlineData("KWD", 1.2345, 1235)]
    public void Prices_become_minor_units_of_the_currency(string currency, double price, long minor)
    {
        var carts = new SessionDriver(options: new SessionOptions { Currency = Currency.Parse(currency) });
        carts.Feed(Add("sku-1", 1, (decimal)price));
        Assert.Equal((minor, currency), (carts.Session.ValueMinor, carts.Session.Currency.ToString()));
    }

    [Fact]
    public void A_second_currency_is_refused_without_trace()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1", 2, 10, "USD"));
        carts.Feed(Add("sku-1", 1, 10));
        carts.Advance(SessionDriver.Minute);
        carts.Session.ThrottleUs = 0;
        var before = carts.Encode();
        Assert.Equal(Verdict.Malformed, carts.Feed(Add("sku-2", 1, 10, "CHF", messageId: 9)));
        Assert.Equal(FaultReason.MixedCurrency, carts.Fault.Reason);
        carts.Session.ThrottleUs = 0;
        Assert.Equal(before, carts.Encode());
        Assert.Equal((3000L, "USD"), (carts.Session.ValueMinor, carts.Session.Currency.ToString()));
    }

    [Fact]
    public void A_snapshot_may_change_the_currency()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1", 1, 10));
        Assert.Equal(Verdict.Applied, carts.Feed(Snapshot(ClickKind.CartViewed, "JPY", ("sku-1", 1, 1500))));
        Assert.Equal((1500L, "JPY"), (carts.Session.ValueMinor, carts.Session.Currency.ToString()));
    }

    [Fact]
    public void After_the_cart_is_over_the_stores_currency_counts_again()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1", 1, 10, "USD"));
        carts.Feed(Order("o-1"));
        carts.Advance(1);
        carts.Feed(Add("sku-2", 1, 10));
        Assert.Equal("EUR", carts.Session.Currency.ToString());
    }

    [Fact]
    public void A_cart_of_which_only_the_value_is_known_has_a_currency_too()
    {
        var carts = new SessionDriver();
        carts.Feed(Checkout(value: 250, currency: "USD"));
        carts.Feed(Add("sku-1", 1, 10));
        Assert.Equal((1000L, "USD"), (carts.Session.ValueMinor, carts.Session.Currency.ToString()));
    }

    [Fact]
    public void A_checkout_or_an_order_behind_an_order_in_another_currency_is_in_the_stores()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1", 1, 10, "USD"));
        carts.Feed(Order("o-1"));
        carts.Feed(Order("o-2", 20));
        Assert.Equal("EUR", carts.Moves[^1].Currency.ToString());
        carts.Advance(SessionDriver.Day);
        carts.Feed(Add("sku-1", 1, 10, "USD"));
        carts.Feed(Of(ClickKind.CartCleared));
        carts.Feed(Checkout(value: 250));
        Assert.Equal((25000L, "EUR"), (carts.Session.ValueMinor, carts.Session.Currency.ToString()));
    }

    [Fact]
    public void An_unknown_price_counts_as_nothing_and_a_later_one_holds_for_the_line()
    {
        var carts = new SessionDriver();
        carts.Feed(AddWithoutPrice("sku-1"));
        Assert.Equal((0L, -1L), (carts.Session.ValueMinor, carts.Session.Lines[0].PriceMinor));
        carts.Feed(Add("sku-1", 1, 7));
        Assert.Equal(1400, carts.Session.ValueMinor);
        carts.Feed(AddWithoutPrice("sku-1"));
        Assert.Equal(2100, carts.Session.ValueMinor);
        carts.Feed(Add("sku-1", 1, 0));
        Assert.Equal(0, carts.Session.ValueMinor);
    }

    [Fact]
    public void One_product_at_two_prices_is_two_lines_of_a_snapshot()
    {
        var carts = new SessionDriver();
        carts.Feed(CartViewed(("shirt", 1, 10), ("shirt", 1, 12), ("shirt", 2, 10)));
        Assert.Equal(4200, carts.Session.ValueMinor);
        Assert.Equal([(3, 1000L), (1, 1200L)], [.. carts.Session.Lines.Span.ToArray().Select(l => (l.Quantity, l.PriceMinor))]);
    }

    [Fact]
    public void Absurd_sums_are_refused_without_trace()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1", 1, 10));
        Refused(FaultReason.CartValueTooLarge, Add("sku-2", 11, 1_000_000_000));
        Refused(FaultReason.CartValueTooLarge, Add("sku-1", 11, 1_000_000_000));
        Refused(FaultReason.BadQuantity, Add("sku-1", 1_000_000, 0));
        Refused(FaultReason.CartValueTooLarge, CartViewed(("a", 1, 1_000_000_000), ("b", 10, 1_000_000_000)));
        Refused(FaultReason.CartValueTooLarge, CartViewed(("a", 100_000, 0.01m), ("a", 1, 1_000_000_000), ("a", 10, 1_000_000_000)));
        Refused(FaultReason.BadQuantity, CartViewed([.. Enumerable.Repeat(("a", 100_000, 1m), 11)]));
        Refused(FaultReason.BadQuantity, Lines(ClickKind.ProductAdded, [.. Enumerable.Repeat(("a", 100_000, 1m), 11)]));
        Refused(FaultReason.BadQuantity, Lines(ClickKind.ProductAdded, [.. Enumerable.Repeat(("sku-1", 100_000, 1m), 10)]));
        Refused(FaultReason.CartValueTooLarge, Lines(ClickKind.ProductAdded, [.. Enumerable.Repeat(("a", 100_000, 0m), 9), ("a", 1, 1_000_000_000m)]));

        void Refused(FaultReason reason, Action<Click> fill)
        {
            carts.Session.ThrottleUs = 0;
            var state = carts.Encode();
            Assert.Equal(Verdict.Malformed, carts.Feed(fill));
            Assert.Equal(reason, carts.Fault.Reason);
            carts.Session.ThrottleUs = 0;
            Assert.Equal(state, carts.Encode());
        }
    }

    [Fact]
    public void Two_hundred_lines_fit_and_one_more_does_not()
    {
        var carts = new SessionDriver();
        var lines = Enumerable.Range(0, 200).Select(i => ($"sku-{i}", 1, 1m)).ToArray();
        Assert.Equal(Verdict.Applied, carts.Feed(CartViewed(lines)));
        Assert.Equal(20_000, carts.Session.ValueMinor);
        Assert.Equal(Verdict.Malformed, carts.Feed(Add("sku-200")));
        Assert.Equal(FaultReason.TooManyLines, carts.Fault.Reason);
        Assert.Equal(Verdict.Applied, carts.Feed(Add("sku-199")));
        Assert.Equal(Verdict.Malformed, carts.Feed(CartViewed([.. lines, ("more", 1, 1m)])));
        Assert.Equal(200, carts.Session.Lines.Count);
    }

    [Fact]
    public void A_product_listed_twice_in_one_addition_is_one_line()
    {
        var carts = new SessionDriver(options: new SessionOptions { CartLinesMax = 1 });
        Assert.Equal(Verdict.Applied, carts.Feed(Lines(ClickKind.ProductAdded, [("a", 1, 10), ("a", 2, 10)])));
        Assert.Equal(3000, carts.Session.ValueMinor);
    }

    [Fact]
    public void A_checkout_without_products_states_the_value_of_a_cart_that_nobody_saw()
    {
        var carts = new SessionDriver();
        carts.Feed(Checkout(value: 120, currency: "USD"));
        Assert.Equal((CartPhase.Checkout, 12_000L, "USD"), (carts.Phase, carts.Session.ValueMinor, carts.Session.Currency.ToString()));
        carts.Feed(Remove("unknown"));
        Assert.Equal((CartPhase.Checkout, 12_000L), (carts.Phase, carts.Session.ValueMinor));
        carts.Feed(Order("o-1"));
        Assert.Equal((12_000L, "USD"), (carts.Moves[^1].ValueMinor, carts.Moves[^1].Currency.ToString()));
    }

    [Fact]
    public void Known_lines_outweigh_a_stated_value()
    {
        var carts = new SessionDriver();
        carts.Feed(Add("sku-1", 1, 10));
        carts.Feed(Checkout(value: 120));
        Assert.Equal(1000, carts.Session.ValueMinor);
    }

    private static Action<Click> Lines(ClickKind kind, (string, int, decimal)[] lines) => Snapshot(kind, null, lines).With(c => c.HasLines = false);
}
