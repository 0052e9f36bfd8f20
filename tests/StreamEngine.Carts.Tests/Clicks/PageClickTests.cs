using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class PageClickTests
{
    [Theory]
    [InlineData("Home", PageType.Home)]
    [InlineData("HomePage", PageType.Home)]
    [InlineData("homepage", PageType.Home)]
    [InlineData("Your Cart", PageType.Cart)]
    [InlineData("shopping-bag", PageType.Cart)]
    [InlineData("Baggage", PageType.Other)]
    [InlineData("Handbag sale", PageType.Other)]
    [InlineData("Cartoon heroes", PageType.Other)]
    [InlineData("cartão", PageType.Other)]
    [InlineData("descartes", PageType.Other)]
    [InlineData("PRODUCT_DETAIL", PageType.Product)]
    [InlineData("Products", PageType.Product)]
    [InlineData("Cart checkout", PageType.Checkout)]
    [InlineData("Search Results", PageType.Listing)]
    [InlineData("item2", PageType.Other)]
    [InlineData("", PageType.Other)]
    [InlineData("c\\u0061rt", PageType.Cart)]
    public void A_name_is_matched_by_whole_words(string name, PageType expected)
    {
        Assert.Equal(expected, Click($$"""{"type":"page","name":"{{name}}"}""").Page);
        Assert.Equal(expected, Click($$$"""{"type":"screen","properties":{"name":"{{{name}}}"}}""").Page);
    }

    [Theory]
    [InlineData("/", PageType.Home)]
    [InlineData("/?utm_source=cart", PageType.Home)]
    [InlineData("\\/cart\\/", PageType.Cart)]
    [InlineData("/cart#checkout", PageType.Cart)]
    [InlineData("/p/4711", PageType.Product)]
    [InlineData("/blog/p/4711", PageType.Other)]
    [InlineData("/products/mug", PageType.Product)]
    [InlineData("/checkouts/17/payment", PageType.Checkout)]
    [InlineData("/about", PageType.Other)]
    public void A_path_is_matched_without_query_and_fragment(string path, PageType expected)
    {
        Assert.Equal(expected, Click($$$"""{"type":"page","properties":{"path":"{{{path}}}"}}""").Page);
        Assert.Equal(expected, Click($$$$"""{"type":"page","context":{"page":{"path":"{{{{path}}}}"}}}""").Page);
        Assert.Equal(expected, Click($$$"""{"type":"page","properties":{"url":"https://cart.shop.example{{{path}}}"}}""").Page);
    }

    [Fact]
    public void A_host_is_no_page() =>
        Assert.Equal(PageType.Other, Click("""{"type":"page","properties":{"url":"https://cart.example"}}""").Page);

    [Fact]
    public void The_name_goes_before_the_path_and_the_path_before_the_category()
    {
        Assert.Equal(PageType.Cart, Click("""{"type":"page","category":"Home","properties":{"path":"/products/1"},"name":"Cart"}""").Page);
        Assert.Equal(PageType.Product, Click("""{"type":"page","category":"Home","properties":{"path":"/products/1"},"name":"Great!"}""").Page);
        Assert.Equal(PageType.Home, Click("""{"type":"page","category":"Home","properties":{"path":"/x"},"name":"Great!"}""").Page);
        Assert.Equal(PageType.Home, Click("""{"type":"page","properties":{"category":"home"}}""").Page);
    }

    [Fact]
    public void A_shop_s_own_patterns_replace_the_defaults_and_the_first_wins()
    {
        var options = new ClickOptions
        {
            PagePatterns = [new PagePattern("/warenkorb", PageType.Cart), new PagePattern("mein konto", PageType.Other), new PagePattern("konto", PageType.Home)],
        };
        Assert.Equal(PageType.Cart, Click("""{"type":"page","properties":{"path":"/Warenkorb/1"}}""", options).Page);
        Assert.Equal(PageType.Other, Click("""{"type":"page","properties":{"path":"/warenkorbkarte"}}""", options).Page);
        Assert.Equal(PageType.Other, Click("""{"type":"page","name":"Konto: Mein Konto"}""", options).Page);
        Assert.Equal(PageType.Other, Click("""{"type":"page","name":"cart"}""", options).Page);
        Assert.Throws<ArgumentException>(() => Parser(new ClickOptions { PagePatterns = [new PagePattern("", PageType.Cart)] }));
    }

    [Theory]
    [InlineData("Product Viewed", PageType.Product)]
    [InlineData("Product List Viewed", PageType.Listing)]
    [InlineData("Products Searched", PageType.Listing)]
    [InlineData("Cart Viewed", PageType.Cart)]
    [InlineData("Checkout Started", PageType.Checkout)]
    [InlineData("Checkout Step Viewed", PageType.Checkout)]
    [InlineData("Checkout Step Completed", PageType.Checkout)]
    [InlineData("Product Clicked", PageType.None)]
    [InlineData("Heartbeat", PageType.None)]
    public void An_event_tells_the_page_it_happens_on(string name, PageType expected) => Assert.Equal(expected, Track(name, "{}").Page);

    [Fact]
    public void A_product_seen_is_taken_as_far_as_it_can_be_read()
    {
        var click = Track("Product Viewed", """{"product_id":"p","name":7,"price":"?","quantity":-4,"currency":"dollar","products":5}""");
        var line = Assert.Single(click.Lines.ToArray());
        Assert.Equal(("p", "7", -1, -1L), (click.String(line.Product), click.String(line.Name), line.Quantity, line.PriceE4));
        Assert.Equal(0, Track("Product Viewed", """{"product_id":[]}""").Lines.Length);
    }

    [Fact]
    public void Properties_of_a_page_are_an_object() => Faulty(FaultReason.WrongType, "properties", """{"type":"page","properties":[1]}""");
}
