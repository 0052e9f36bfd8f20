using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class CartClickTests
{
    [Fact]
    public void Product_added_carries_its_product()
    {
        var click = Track("Product Added", """{"product_id":"p1","sku":"s1","name":"Mug","quantity":2,"price":19.99,"currency":"EUR","cart_id":"c1","coupon":"X"}""");
        Assert.Equal(ClickKind.ProductAdded, click.Kind);
        Assert.Equal("v-1", click.String(click.Visitor));
        var line = Assert.Single(click.Lines.ToArray());
        Assert.Equal("p1", click.String(line.Product));
        Assert.Equal("Mug", click.String(line.Name));
        Assert.Equal((2, 199_900L), (line.Quantity, line.PriceE4));
        Assert.Equal(Currency.Parse("EUR"), click.Currency);
        Assert.Equal(("c1", "X"), (click.String(click.CartId), click.String(click.Coupon)));
        Assert.False(click.HasLines);
        Assert.Equal(PageType.None, click.Page);
    }

    [Fact]
    public void Order_of_fields_does_not_matter()
    {
        var click = Click("""{"properties":{"price":"5","currency":"USD","quantity":"3","sku":"s","product_id":"p"},"event":"Product Added","type":"track"}""");
        var line = Assert.Single(click.Lines.ToArray());
        Assert.Equal(("p", 3, 50_000L), (click.String(line.Product), line.Quantity, line.PriceE4));
    }

    [Theory]
    [InlineData("""{"sku":"s","id":"i","item_id":"it"}""", "s")]
    [InlineData("""{"item_id":"it","id":"i"}""", "i")]
    [InlineData("""{"item_id":"it"}""", "it")]
    [InlineData("""{"productId":"camel"}""", "camel")]
    [InlineData("""{"product_id":4711}""", "4711")]
    [InlineData("""{"product_id":"","sku":"s"}""", "s")]
    [InlineData("""{"product_id":null,"sku":"s"}""", "s")]
    [InlineData("""{"product_id":"say \"hi\" \u00fc\/"}""", "say \"hi\" ü/")]
    public void The_best_id_names_the_product(string properties, string expected)
    {
        var click = Track("Product Added", properties);
        var line = Assert.Single(click.Lines.ToArray());
        Assert.Equal(expected, click.String(line.Product));
        Assert.Equal((-1, -1L), (line.Quantity, line.PriceE4));
        Assert.True(line.Name.IsAbsent);
    }

    [Fact]
    public void Cart_viewed_is_a_snapshot_without_the_lines_of_quantity_zero()
    {
        var click = Track("Cart Viewed",
            """{"currency":"usd","value":"30.5","products":[{"product_id":"a","quantity":1},null,{"sku":"b","quantity":0},{"id":"c","quantity":2.0,"price":"3"}]}""");
        Assert.True(click.HasLines);
        Assert.Equal(PageType.Cart, click.Page);
        Assert.Equal(305_000, click.ValueE4);
        Assert.Equal("a c", string.Join(' ', click.Lines.ToArray().Select(line => click.String(line.Product))));
        Assert.Equal([1, 2], click.Lines.ToArray().Select(line => line.Quantity));
    }

    [Fact]
    public void An_empty_cart_is_a_snapshot_too_and_a_missing_one_is_none()
    {
        Assert.True(Track("Cart Viewed", """{"products":[]}""").HasLines);
        Assert.False(Track("Cart Viewed", """{"products":null}""").HasLines);
        Assert.False(Click("""{"type":"track","event":"Cart Viewed"}""").HasLines);
    }

    [Fact]
    public void Several_products_can_be_added_at_once()
    {
        var click = Track("add_to_cart", """{"items":[{"item_id":"a","item_name":"A"},{"item_id":"b"}]}""");
        Assert.True(click.HasLines);
        Assert.Equal("a b", string.Join(' ', click.Lines.ToArray().Select(line => click.String(line.Product))));
    }

    [Fact]
    public void A_list_beside_the_added_product_is_not_added()
    {
        var click = Track("Product Added", """{"products":[{"product_id":"a"},{"product_id":"b"}],"product_id":"b"}""");
        Assert.Equal("b", click.String(Assert.Single(click.Lines.ToArray()).Product));
    }

    [Fact]
    public void Checkout_started_carries_cart_value_and_page()
    {
        var click = Track("Checkout Started", """{"order_id":"o1","checkout_id":"k1","revenue":25,"value":30,"currency":"USD","products":[{"sku":"a","price":1}]}""");
        Assert.Equal(ClickKind.CheckoutStarted, click.Kind);
        Assert.Equal(PageType.Checkout, click.Page);
        Assert.Equal(250_000, click.ValueE4);
        Assert.Equal(Hash64.Of("o1"u8), click.OrderId);
        Assert.Equal("k1", click.String(click.CheckoutId));
        Assert.Single(click.Lines.ToArray());
    }

    [Fact]
    public void A_line_can_bring_the_currency_but_not_a_second_one()
    {
        Assert.Equal(Currency.Parse("INR"), Track("Cart Viewed", """{"products":[{"sku":"a","currency":"INR"},{"sku":"b"}]}""").Currency);
        Faulty(FaultReason.MixedCurrency, "currency",
            TrackJson("Cart Viewed", """{"products":[{"sku":"a","currency":"INR"},{"sku":"b","currency":"EUR"}]}"""));
        Faulty(FaultReason.MixedCurrency, "currency", TrackJson("Cart Viewed", """{"products":[{"sku":"a","currency":"INR"}],"currency":"USD"}"""));
    }

    [Theory]
    [InlineData("Product Added", """{"name":"Mug"}""", FaultReason.MissingField, "product_id")]
    [InlineData("Product Removed", """{}""", FaultReason.MissingField, "product_id")]
    [InlineData("Product Added", """{"products":[]}""", FaultReason.MissingField, "product_id")]
    [InlineData("Cart Viewed", """{"products":[{"name":"x"}]}""", FaultReason.MissingField, "product_id")]
    [InlineData("Cart Viewed", """{"products":{"sku":"x"}}""", FaultReason.WrongType, "products")]
    [InlineData("Cart Viewed", """{"products":["x"]}""", FaultReason.WrongType, "products")]
    [InlineData("Cart Viewed", """[]""", FaultReason.WrongType, "properties")]
    [InlineData("Product Added", """{"product_id":{"a":1}}""", FaultReason.WrongType, "product_id")]
    [InlineData("Product Added", """{"product_id":"p","name":true}""", FaultReason.WrongType, "name")]
    [InlineData("Product Added", """{"product_id":"p","name":"\ud800"}""", FaultReason.InvalidUtf8, "name")]
    [InlineData("Product Added", """{"product_id":"p","currency":"EURO"}""", FaultReason.BadCurrency, "currency")]
    [InlineData("Product Added", """{"product_id":"p","currency":978}""", FaultReason.WrongType, "currency")]
    [InlineData("Product Added", """{"product_id":"p","quantity":0}""", FaultReason.BadQuantity, "quantity")]
    [InlineData("Cart Viewed", """{"total":"lots"}""", FaultReason.BadPrice, "total")]
    [InlineData("Cart Viewed", """{"value":-1}""", FaultReason.BadPrice, "value")]
    public void What_a_cart_is_made_of_must_be_right(string name, string properties, FaultReason reason, string field) =>
        Faulty(reason, field, TrackJson(name, properties));

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("100001")]
    [InlineData("1e99")]
    [InlineData("\"NaN\"")]
    [InlineData("\"two\"")]
    [InlineData("\"\"")]
    [InlineData("1.00001")]
    public void A_quantity_is_a_whole_number_up_to_100000(string quantity) =>
        Faulty(FaultReason.BadQuantity, "quantity", TrackJson("Product Added", $$"""{"product_id":"p","quantity":{{quantity}}}"""));

    [Theory]
    [InlineData("1e1", 10)]
    [InlineData("\" 7 \"", 7)]
    [InlineData("100000", 100_000)]
    [InlineData("3.000", 3)]
    public void A_whole_quantity_is_read_however_it_is_written(string quantity, int expected) =>
        Assert.Equal(expected, Track("Product Added", $$"""{"product_id":"p","quantity":{{quantity}}}""").Lines[0].Quantity);

    [Fact]
    public void Taking_a_product_out_needs_no_money_and_no_quantity()
    {
        var click = Track("Product Removed", """{"product_id":"p","price":"free","currency":"??","quantity":0}""");
        Assert.Equal((-1, -1L), (click.Lines[0].Quantity, click.Lines[0].PriceE4));
    }

    [Fact]
    public void The_last_of_a_repeated_name_counts()
    {
        var click = Track("Product Added", """{"product_id":"a","product_id":"b","products":[{"sku":"x"}],"products":[]}""");
        Assert.Equal("b", click.String(click.Lines[0].Product));
        Assert.Equal(1, click.Lines.Length);
    }

    [Fact]
    public void Names_with_escapes_are_the_same_names() =>
        Assert.Equal("p", Parsing.Click("""{"\u0074ype":"tr\u0061ck","event":"Product\u0020Added","properties":{"product\u005fid":"p"}}""") is var click
            ? click.String(click.Lines[0].Product) : "");
}
