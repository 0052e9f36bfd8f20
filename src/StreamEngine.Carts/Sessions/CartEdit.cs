using StreamEngine.Carts.Clicks;

namespace StreamEngine.Carts.Sessions;

/// <summary>
/// Changes to a cart's lines. A change is checked whole before the first line is touched: a click that is refused leaves no trace.
/// </summary>
internal static class CartEdit
{
    /// <summary>More pieces of one product than anybody buys: keeps sums far from overflow.</summary>
    public const int QuantityMax = 1_000_000;

    public static bool TryCheckAdditions(CartSession session, Click click, SessionOptions options, CartTurn turn)
    {
        var currency = CurrencyFor(session, click, options);
        if (session.Lines.Count > 0 && currency != session.Currency)
        {
            turn.Refuse(FaultReason.MixedCurrency, "currency");
            return false;
        }
        if (click.Lines.Length != 1)
        {
            // Lines of one click may meet in one line of the cart: judge the cart as it will be.
            var lines = default(CartLines);
            lines.CopyFrom(session.Lines, null);
            Add(ref lines, click, currency, null);
            return IsSane(lines, options, turn);
        }
        ref readonly var line = ref click.Lines[0];
        var index = session.Lines.IndexOf(click.Text(line.Product));
        var before = index < 0 ? default : session.Lines[index];
        var after = Merge(before, line, currency, null, null);
        return IsSane(after.Quantity, session.Lines.ValueMinor - before.ValueMinor + after.ValueMinor, turn)
            && IsWithinLines(session.Lines.Count + (index < 0 ? 1 : 0), options, turn);
    }

    public static void Add(CartSession session, Click click, SessionOptions options, SessionMemory memory)
    {
        session.Currency = CurrencyFor(session, click, options);
        Add(ref session.Lines, click, session.Currency, memory);
    }

    /// <param name="memory">Null for a trial, whose lines nobody keeps.</param>
    private static void Add(ref CartLines lines, Click click, Currency currency, SessionMemory? memory)
    {
        foreach (ref readonly var line in click.Lines)
        {
            var product = click.Text(line.Product);
            var name = click.Text(line.Name);
            var index = lines.IndexOf(product);
            if (index >= 0)
            {
                var before = lines[index];
                var isNamed = memory is not null && !name.IsEmpty && !name.SequenceEqual(before.Name);
                lines.Set(index, Merge(before, line, currency, null, isNamed ? memory!.Texts.Get(name) : null));
            }
            else
            {
                lines.Append(Merge(default, line, currency, memory?.Texts.Get(product) ?? product.ToArray(), memory?.Texts.Get(name)), memory?.Lines);
            }
        }
    }

    public static void Remove(CartSession session, Click click)
    {
        foreach (ref readonly var line in click.Lines)
        {
            var index = session.Lines.IndexOf(click.Text(line.Product));
            if (index < 0)
            {
                continue;
            }
            var left = line.Quantity < 0 ? 0 : session.Lines[index].Quantity - line.Quantity;
            if (left <= 0)
            {
                session.Lines.RemoveAt(index);
            }
            else
            {
                session.Lines.Set(index, session.Lines[index] with { Quantity = left });
            }
        }
    }

    /// <param name="lines">Where the snapshot is read to; its places are used again.</param>
    public static bool TryReadSnapshot(CartSession session, Click click, SessionOptions options, SessionMemory memory, CartTurn turn, ref CartLines lines)
    {
        var currency = CurrencyFor(session, click, options);
        lines.Restart();
        foreach (ref readonly var line in click.Lines)
        {
            var product = click.Text(line.Product);
            // One product at two prices, say in two colours, stays two lines: what the shop adds up must be what we add up.
            var index = lines.IndexOf(product, Money.MinorFromE4(line.PriceE4, currency));
            if (index >= 0)
            {
                lines.Set(index, Merge(lines[index], line, currency, null, null));
            }
            else
            {
                lines.Append(Merge(default, line, currency, memory.Texts.Get(product), memory.Texts.Get(click.Text(line.Name))), null);
            }
        }
        return IsSane(lines, options, turn);
    }

    /// <summary>A snapshot replaces the whole cart, so it may also change the currency.</summary>
    public static void Replace(CartSession session, Click click, SessionOptions options, SessionMemory memory, in CartLines lines)
    {
        session.Currency = CurrencyFor(session, click, options);
        session.StatedValueMinor = -1;
        session.Lines.CopyFrom(lines, memory.Lines);
    }

    /// <summary>Of the products, whatever their order and number of lines.</summary>
    public static ulong ProductsHash(ReadOnlySpan<CartLine> lines)
    {
        ulong sum = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var isNew = true;
            for (var k = 0; k < i && isNew; k++)
            {
                isNew = !lines[k].Product.AsSpan().SequenceEqual(lines[i].Product);
            }
            sum += isNew ? Hash64.Of(lines[i].Product) : 0;
        }
        return sum;
    }

    public static ulong ProductsHash(Click click)
    {
        ulong sum = 0;
        var lines = click.Lines;
        for (var i = 0; i < lines.Length; i++)
        {
            var product = click.Text(lines[i].Product);
            var isNew = true;
            for (var k = 0; k < i && isNew; k++)
            {
                isNew = !click.Text(lines[k].Product).SequenceEqual(product);
            }
            sum += isNew ? Hash64.Of(product) : 0;
        }
        return sum;
    }

    private static CartLine Merge(CartLine before, in ClickLine line, Currency currency, byte[]? product, byte[]? name)
    {
        var price = Money.MinorFromE4(line.PriceE4, currency);
        return new CartLine(
            product ?? before.Product ?? [],
            name ?? before.Name ?? [],
            before.Quantity + Math.Max(1, line.Quantity),
            price >= 0 ? price : before.Product is null ? -1 : before.PriceMinor);
    }

    /// <summary>A price without a currency is in the currency of the cart it goes into, and in the store's where there is no cart yet.</summary>
    public static Currency CurrencyFor(CartSession session, Click click, SessionOptions options) =>
        !click.Currency.IsNone ? click.Currency : session.IsCartEmpty ? options.Currency : session.Currency;

    private static bool IsSane(in CartLines lines, SessionOptions options, CartTurn turn)
    {
        long value = 0;
        foreach (ref readonly var line in lines.Span)
        {
            value += line.ValueMinor;
            if (!IsSane(line.Quantity, value, turn))
            {
                return false;
            }
        }
        return IsWithinLines(lines.Count, options, turn);
    }

    private static bool IsSane(int quantity, long valueMinor, CartTurn turn)
    {
        if (quantity > QuantityMax)
        {
            turn.Refuse(FaultReason.BadQuantity, "quantity");
            return false;
        }
        if (valueMinor is < 0 or > Money.MinorMax)
        {
            turn.Refuse(FaultReason.CartValueTooLarge, "price");
            return false;
        }
        return true;
    }

    private static bool IsWithinLines(int lineCount, SessionOptions options, CartTurn turn)
    {
        if (lineCount <= options.CartLinesMax)
        {
            return true;
        }
        turn.Refuse(FaultReason.TooManyLines, "products");
        return false;
    }
}
