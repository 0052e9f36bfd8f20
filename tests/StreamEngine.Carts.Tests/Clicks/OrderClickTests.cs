using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class OrderClickTests
{
    [Fact]
    public void An_order_carries_id_total_currency_and_coupon()
    {
        var click = Track("Order Completed",
            """{"order_id":"o1","checkout_id":"k1","total":27.5,"revenue":48,"value":1,"currency":"USD","coupon":"hasbros","products":[{"sku":"a"}]}""");
        Assert.Equal(ClickKind.OrderCompleted, click.Kind);
        Assert.Equal((Hash64.Of("o1"u8), 275_000L, Currency.Parse("USD")), (click.OrderId, click.ValueE4, click.Currency));
        Assert.Equal(("k1", "hasbros"), (click.String(click.CheckoutId), click.String(click.Coupon)));
        Assert.Equal(PageType.None, click.Page);
    }

    [Theory]
    [InlineData("""{"orderId":12}""", "12")]
    [InlineData("""{"checkout_id":"k"}""", "k")]
    [InlineData("""{"checkoutId":"k","order_id":null}""", "k")]
    [InlineData("""{"order_id":"\u006f1"}""", "o1")]
    public void An_order_is_known_by_order_or_checkout(string properties, string id) =>
        Assert.Equal(Hash64.Of(System.Text.Encoding.UTF8.GetBytes(id)), Track("Order Completed", properties).OrderId);

    [Fact]
    public void An_order_that_says_nothing_is_still_an_order()
    {
        foreach (var json in new[] { """{"type":"track","event":"Order Completed"}""", TrackJson("Order Completed", "null"), TrackJson("Order Completed", "[]") })
        {
            var click = Click(json);
            Assert.Equal((ClickKind.OrderCompleted, 0UL, -1L), (click.Kind, click.OrderId, click.ValueE4));
        }
    }

    [Theory]
    [InlineData("""{"total":"value"}""")]
    [InlineData("""{"total":-5,"revenue":3}""")]
    [InlineData("""{"total":5,"currency":"dollars"}""")]
    [InlineData("""{"total":5,"currency":12}""")]
    [InlineData("""{"total":{"a":1},"price":"x","quantity":-3}""")]
    [InlineData("""{"value":1e300}""")]
    [InlineData("""{"total":5,"products":[{"currency":"EUR"},{"currency":"USD"}]}""")]
    public void Bad_money_never_loses_an_order(string properties)
    {
        foreach (var (name, kind) in new[]
        {
            ("Order Completed", ClickKind.OrderCompleted), ("Order Updated", ClickKind.OrderUpdated),
            ("Order Refunded", ClickKind.OrderRefunded), ("Order Cancelled", ClickKind.OrderCancelled),
        })
        {
            var click = Track(name, properties);
            Assert.Equal((kind, -1L), (click.Kind, click.ValueE4));
        }
    }

    [Theory]
    [InlineData("""{"products":{"sku":"a"},"total":5}""")]
    [InlineData("""{"products":[1,"x",{"price":"?","quantity":-1}],"total":5}""")]
    [InlineData("""{"coupon":{"a":1},"cart_id":[],"checkout_id":true,"total":5}""")]
    [InlineData("""{"order_id":{"a":1},"total":5}""")]
    [InlineData("""{"coupon":"\ud83d","total":5}""")]
    public void Nothing_else_that_is_odd_loses_an_order_or_its_value(string properties) =>
        Assert.Equal(50_000, Track("Order Completed", properties).ValueE4);

    [Fact]
    public void A_list_that_is_too_long_does_not_lose_an_order()
    {
        var products = string.Join(",", Enumerable.Repeat("""{"sku":"a"}""", 500));
        Assert.Equal(ClickKind.OrderCompleted, Track("Order Completed", $$"""{"products":[{{products}}]}""").Kind);
    }

    [Fact]
    public void The_currency_of_the_lines_is_that_of_an_order_without_one() =>
        Assert.Equal(Currency.Parse("EUR"), Track("Order Completed", """{"total":5,"products":[{},{"currency":"EUR"},{"currency":"eur"}]}""").Currency);
}
