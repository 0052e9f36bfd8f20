using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Clickstreams;

/// <summary>
/// A shop's funnel from the first page to the payment, without products' names and prices. Its cart page says that there is a
/// cart but not what is in it, so it becomes a cart of one stand-in product without a price.
/// </summary>
internal sealed class SimpleOnlineShopRows : ClickRows
{
    private const int Client = 0, Event = 1, Time = 2, FieldCount = 3;

    public override bool IsHeader(ReadOnlySpan<byte> line) => line.StartsWith("client_id,event,timestamp"u8);

    public override string? Read(ReadOnlySpan<byte> line, ClickBatch clicks)
    {
        Span<Range> fields = stackalloc Range[FieldCount];
        var count = CsvLine.Split(line, fields);
        if (count != FieldCount)
        {
            return count < 0 ? "the quotes of this row cannot be read" : $"has {count} fields where a simple-onlineshop row has {FieldCount}";
        }
        var name = line[fields[Event]];
        var time = line[fields[Time]];
        var kind = KindOf(name);
        if (kind == ClickKind.None)
        {
            return $"event {Quote(name)} is not one of main, catalog, product1, product2, cart, delivery_choice, delivery_courier, delivery_pickup, "
                + "payment_choice, payment_card, payment_cash, payment_done";
        }
        if (!CsvLine.TryTime(time, out var timeMs))
        {
            return $"timestamp {Quote(time)} is not a time such as '2019-11-01 22:28:54.791683'";
        }
        if (line[fields[Client]].IsEmpty)
        {
            return "client_id is empty";
        }

        var key = line[fields[Client]].ToArray();
        Span<byte> idBytes = stackalloc byte[32];
        if (kind == ClickKind.CartViewed)
        {
            clicks.Writer.Begin(ClickKind.Page, key, RowId("shop-"u8, line, 1, idBytes), timeMs, PageView.Cart);
            clicks.Writer.End(Context);
            clicks.Add(key, timeMs);
        }
        var id = RowId("shop-"u8, line, 0, idBytes);
        clicks.Writer.Begin(kind, key, id, timeMs, PageView.Home);
        WriteProperties(clicks.Writer, kind, name, id);
        clicks.Writer.End(Context);
        clicks.Add(key, timeMs);
        return null;
    }

    private static void WriteProperties(ClickWriter writer, ClickKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> id)
    {
        switch (kind)
        {
            case ClickKind.ProductViewed:
                writer.Product(new ProductFields { Id = name, Quantity = 1 });
                break;
            case ClickKind.ProductListViewed:
                writer.Text(ClickFields.ListId, name);
                break;
            case ClickKind.CartViewed:
                writer.BeginProducts();
                writer.ListedProduct(new ProductFields { Id = "stand-in"u8, Name = "unknown product"u8, Quantity = 1 });
                writer.EndProducts();
                break;
            case ClickKind.CheckoutStepCompleted:
                writer.Number(ClickFields.Step, 1);
                writer.Text(ClickFields.ShippingMethod, name["delivery_".Length..]);
                break;
            case ClickKind.CheckoutStepViewed:
                writer.Number(ClickFields.Step, 2);
                break;
            case ClickKind.PaymentInfoEntered:
                writer.Number(ClickFields.Step, 2);
                writer.Text(ClickFields.PaymentMethod, name["payment_".Length..]);
                break;
            case ClickKind.OrderCompleted:
                writer.Text(ClickFields.OrderId, id);
                break;
        }
    }

    private static ClickKind KindOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("main"u8) => ClickKind.Page,
        _ when name.SequenceEqual("catalog"u8) => ClickKind.ProductListViewed,
        _ when name.SequenceEqual("product1"u8) || name.SequenceEqual("product2"u8) => ClickKind.ProductViewed,
        _ when name.SequenceEqual("cart"u8) => ClickKind.CartViewed,
        _ when name.SequenceEqual("delivery_choice"u8) => ClickKind.CheckoutStarted,
        _ when name.SequenceEqual("delivery_courier"u8) || name.SequenceEqual("delivery_pickup"u8) => ClickKind.CheckoutStepCompleted,
        _ when name.SequenceEqual("payment_choice"u8) => ClickKind.CheckoutStepViewed,
        _ when name.SequenceEqual("payment_card"u8) || name.SequenceEqual("payment_cash"u8) => ClickKind.PaymentInfoEntered,
        _ when name.SequenceEqual("payment_done"u8) => ClickKind.OrderCompleted,
        _ => ClickKind.None,
    };
}
