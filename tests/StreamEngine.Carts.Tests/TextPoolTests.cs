using System.Globalization;
using System.Text;
using Xunit;

namespace StreamEngine.Carts.Tests;

public sealed class TextPoolTests
{
    [Fact]
    public void Equal_texts_are_one()
    {
        var pool = new TextPool();
        var text = pool.Get("sku-1"u8);
        Assert.Equal("sku-1"u8, text);
        Assert.Same(text, pool.Get("sku-1"u8));
        Assert.NotSame(text, pool.Get("sku-2"u8));
        Assert.Empty(pool.Get([]));
    }

    [Fact]
    public void A_shop_of_many_products_shares_nearly_all_of_them()
    {
        var pool = new TextPool();
        var texts = Enumerable.Range(0, 20_000).Select(Sku).ToArray();
        Array.ForEach(texts, text => pool.Get(text));
        var known = texts.Select(text => pool.Get(text)).ToArray();
        Assert.InRange(texts.Zip(known).Count(pair => ReferenceEquals(pair.Second, pool.Get(pair.First))), 19_000, 20_000);
    }

    [Fact]
    public void More_texts_than_it_keeps_are_all_right_and_cost_a_bounded_number_of_places()
    {
        var pool = new TextPool();
        var given = new List<WeakReference>();
        for (var i = 0; i < 300_000; i++)
        {
            var text = pool.Get(Sku(i));
            Assert.True(text.AsSpan().SequenceEqual(Sku(i)));
            given.Add(new WeakReference(text));
        }
        GC.Collect();
        Assert.InRange(given.Count(static text => text.IsAlive), 32_768, 65_536);
        GC.KeepAlive(pool);
    }

    private static byte[] Sku(int number) => Encoding.UTF8.GetBytes(number.ToString("'sku-'00000", CultureInfo.InvariantCulture));
}
