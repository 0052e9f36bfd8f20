using System.Globalization;
using System.Text;
using StreamEngine.Carts;
using StreamEngine.Host.Clickstreams;

namespace StreamEngine.Host.Shoppers;

/// <summary>What the shop sells: 4096 products whose prices follow the recorded ones (median 154, p90 747, highest 2574 in currency units).</summary>
internal sealed class Catalog
{
    public const int Count = 4096;

    /// <summary>Odd, so that multiplying by it modulo 4096 visits each price once: neighbours in the catalog differ in price.</summary>
    private const int PriceStride = 1_597;

    private static readonly string[] s_materials = ["Linen", "Oak", "Wool", "Steel", "Cotton", "Walnut", "Leather", "Copper", "Silk", "Ceramic", "Canvas", "Glass", "Cork", "Denim", "Bamboo", "Brass"];
    private static readonly (string Thing, string Category)[] s_things =
    [
        ("Shirt", "apparel.shirt"), ("Jacket", "apparel.jacket"), ("Chair", "furniture.living_room.chair"), ("Lamp", "furniture.bedroom.lamp"),
        ("Kettle", "appliances.kitchen.kettle"), ("Headphones", "electronics.audio.headphone"), ("Watch", "electronics.clocks"), ("Bag", "accessories.bag"),
    ];
    private static readonly string[] s_brands = ["Nordlicht", "Aurelia", "Fernweh", "Hartmann & Sohn", "Kestrel", "Morgenrot", "Solveig", "Tramonto"];

    private readonly Product[] _products = new Product[Count];

    public Catalog(Currency currency)
    {
        Currency = currency;
        var minor = (long)Math.Pow(10, currency.Decimals);
        var prices = new LogNormal(median: 154 * minor, p90: 747 * minor, min: minor, max: 2_574 * minor);
        for (var i = 0; i < Count; i++)
        {
            _products[i] = new Product(i, prices.Quantile(i * PriceStride % Count));
        }
    }

    public Currency Currency { get; }

    public Product this[int product] => _products[product];

    /// <summary>In currency units, with as many decimals as the currency has.</summary>
    public decimal Units(long minor) => new((int)minor, (int)(minor >> 32), 0, isNegative: false, (byte)Currency.Decimals);

    internal sealed class Product
    {
        public Product(int product, long priceMinor)
        {
            var (thing, category) = s_things[product / s_materials.Length % s_things.Length];
            var id = string.Create(CultureInfo.InvariantCulture, $"sku-{product:d5}");
            Id = Encoding.UTF8.GetBytes(id);
            Name = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{s_materials[product % s_materials.Length]} {thing} {product / 128 + 1}"));
            Category = Encoding.UTF8.GetBytes(category);
            Brand = Encoding.UTF8.GetBytes(s_brands[product / 7 % s_brands.Length]);
            PriceMinor = priceMinor;
            Page = PageView.Product(id);
        }

        public byte[] Id { get; }
        public byte[] Name { get; }
        public byte[] Category { get; }
        public byte[] Brand { get; }
        public long PriceMinor { get; }
        public PageView Page { get; }
    }
}
