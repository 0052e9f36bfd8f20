using System.Buffers.Text;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Clickstreams;

/// <summary>Alibaba's user behaviour data: one product an event, no prices, times in Unix seconds.</summary>
internal sealed class TaobaoRows : ClickRows
{
    private const int User = 0, Item = 1, Category = 2, Behaviour = 3, Time = 4, FieldCount = 5;

    /// <summary>Larger "seconds" are milliseconds or nonsense.</summary>
    private const long SecondsMax = 99_999_999_999;

    public override bool IsHeader(ReadOnlySpan<byte> line) => line.StartsWith("user_id,item_id,category_id"u8);

    public override string? Read(ReadOnlySpan<byte> line, ClickBatch clicks)
    {
        Span<Range> fields = stackalloc Range[FieldCount];
        var count = CsvLine.Split(line, fields);
        if (count != FieldCount)
        {
            return count < 0 ? "the quotes of this row cannot be read" : $"has {count} fields where a Taobao row has {FieldCount}";
        }
        var kind = KindOf(line[fields[Behaviour]]);
        if (kind == ClickKind.None)
        {
            return $"behavior {Quote(line[fields[Behaviour]])} is not one of pv, cart, fav, buy";
        }
        var time = line[fields[Time]];
        if (!Utf8Parser.TryParse(time, out long seconds, out var read) || read != time.Length || seconds is < 0 or > SecondsMax)
        {
            return $"timestamp {Quote(time)} is not a Unix time in seconds";
        }
        if (line[fields[User]].IsEmpty || line[fields[Item]].IsEmpty)
        {
            return "user_id or item_id is empty";
        }

        var key = line[fields[User]].ToArray();
        Span<byte> idBytes = stackalloc byte[32];
        var id = RowId("taobao-"u8, line, 0, idBytes);
        var product = new ProductFields { Id = line[fields[Item]], Category = line[fields[Category]], Quantity = 1 };
        var writer = clicks.Writer;
        writer.Begin(kind, key, id, seconds * 1000);
        if (kind == ClickKind.OrderCompleted)
        {
            writer.Text(ClickFields.OrderId, id);
            writer.BeginProducts();
            writer.ListedProduct(in product);
            writer.EndProducts();
        }
        else
        {
            writer.Product(in product);
        }
        writer.End(Context);
        clicks.Add(key, seconds * 1000);
        return null;
    }

    private static ClickKind KindOf(ReadOnlySpan<byte> behaviour) => behaviour switch
    {
        _ when behaviour.SequenceEqual("pv"u8) => ClickKind.ProductViewed,
        _ when behaviour.SequenceEqual("cart"u8) => ClickKind.ProductAdded,
        _ when behaviour.SequenceEqual("fav"u8) => ClickKind.ProductAddedToWishlist,
        _ when behaviour.SequenceEqual("buy"u8) => ClickKind.OrderCompleted,
        _ => ClickKind.None,
    };
}
