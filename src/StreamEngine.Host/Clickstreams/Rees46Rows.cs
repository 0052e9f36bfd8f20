using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Clickstreams;

/// <summary>Multi-category shop of REES46 Marketing Platform: one product an event, prices in US dollars, times in UTC to the second.</summary>
internal sealed class Rees46Rows : ClickRows
{
    private const int Time = 0, Type = 1, ProductId = 2, CategoryId = 3, CategoryCode = 4, Brand = 5, Price = 6, User = 7, Session = 8, FieldCount = 9;

    public override bool IsHeader(ReadOnlySpan<byte> line) => line.StartsWith("event_time,event_type,product_id"u8);

    public override string? Read(ReadOnlySpan<byte> line, ClickBatch clicks)
    {
        Span<Range> fields = stackalloc Range[FieldCount];
        var count = CsvLine.Split(line, fields);
        if (count != FieldCount)
        {
            return count < 0 ? "the quotes of this row cannot be read" : $"has {count} fields where a REES46 row has {FieldCount}";
        }
        var kind = KindOf(line[fields[Type]]);
        if (kind == ClickKind.None)
        {
            return $"event_type {Quote(line[fields[Type]])} is not one of view, cart, remove_from_cart, purchase";
        }
        if (!CsvLine.TryTime(line[fields[Time]], out var timeMs))
        {
            return $"event_time {Quote(line[fields[Time]])} is not a time such as '2019-10-01 00:00:00 UTC'";
        }
        if (!CsvLine.TryPrice(line[fields[Price]], out var price))
        {
            return $"price {Quote(line[fields[Price]])} is not a number of 0 or more";
        }
        if (line[fields[User]].IsEmpty || line[fields[ProductId]].IsEmpty)
        {
            return "user_id or product_id is empty";
        }

        var key = line[fields[User]].ToArray();
        Span<byte> idBytes = stackalloc byte[32];
        var id = RowId("rees46-"u8, line, 0, idBytes);
        var product = new ProductFields
        {
            Id = line[fields[ProductId]],
            Category = line[fields[CategoryCode]].IsEmpty ? line[fields[CategoryId]] : line[fields[CategoryCode]],
            Brand = line[fields[Brand]],
            Price = price,
            Quantity = 1,
        };
        var writer = clicks.Writer;
        writer.Begin(kind, key, id, timeMs);
        if (kind == ClickKind.OrderCompleted)
        {
            writer.Text(ClickFields.OrderId, id);
            writer.Number(ClickFields.Total, price);
            writer.BeginProducts();
            writer.ListedProduct(in product);
            writer.EndProducts();
        }
        else
        {
            writer.Product(in product);
        }
        writer.Text(ClickFields.Currency, "USD"u8);
        writer.Text(ClickFields.SessionId, line[fields[Session]]);
        writer.End(Context);
        clicks.Add(key, timeMs);
        return null;
    }

    private static ClickKind KindOf(ReadOnlySpan<byte> type) => type switch
    {
        _ when type.SequenceEqual("view"u8) => ClickKind.ProductViewed,
        _ when type.SequenceEqual("cart"u8) => ClickKind.ProductAdded,
        _ when type.SequenceEqual("remove_from_cart"u8) => ClickKind.ProductRemoved,
        _ when type.SequenceEqual("purchase"u8) => ClickKind.OrderCompleted,
        _ => ClickKind.None,
    };
}
