using StreamEngine.Carts.Clicks;

namespace StreamEngine.Carts.Sessions;

/// <summary>
/// Changes to a cart's lines. A change is checked whole before the first line is touched: a click that is refused leaves no trace.
/// </summary>
internal static class CartEdit
{
    /// <summary>More pieces of one product than anybody buys: keeps sums far from overflow.</summary>
    private const int QuantityMax = 1_000_000;

    public static bool TryCheckAdditions(CartSession session, Click click, SessionOptions options, CartTurn turn)
    {
        var currency = CurrencyFor(session, click, options);
        if (session.Lines.Count > 0 && currency != session.Currency)
        {
            turn.Refuse(FaultReason.MixedCurrency, "currency");
            return false;
        }
        var lineCount = session.Lines.Count;
        var value = session.Lines.ValueMinor;
        foreach (ref readonly var line in click.Lines)
        {
            var index = session.Lines.IndexOf(click.Text(line.Product));
            lineCount += index < 0 ? 1 : 0;
            // An addition may bring a new price for what is there already: judge the line as it will be.
            var before = index < 0 ? default : session.Lines[index];
            if (!TryAddLine(Merge(before, line, currency, null, null), ref value, turn))
            {
                return false;
            }
            value -= before.ValueMinor;
        }
        return IsWithinLines(lineCount, options, turn);
    }

    public static void Add(CartSession session, Click click, SessionOptions options, TextPool texts) =>
        Add(session, click, CurrencyFor(session, click, options), texts);

    private static void Add(CartSession session, Click click, Currency currency, TextPool texts)
    {
        session.Currency = currency;
        foreach (ref readonly var line in click.Lines)
        {
            var product = click.Text(line.Product);
            var index = session.Lines.IndexOf(product);
            if (index >= 0)
            {
                session.Lines.Set(index, Merge(session.Lines[index], line, currency, null, line.Name.IsAbsent ? null : texts.Get(click.Text(line.Name))));
            }
            else
            {
                session.Lines.Append(Merge(default, line, currency, texts.Get(product), texts.Get(click.Text(line.Name))));
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

    public static bool TryCheckSnapshot(CartSession session, Click click, SessionOptions options, CartTurn turn)
    {
        var currency = CurrencyFor(session, click, options);
        long value = 0;
        foreach (ref readonly var line in click.Lines)
        {
            if (!TryAddLine(Merge(default, line, currency, null, null), ref value, turn))
            {
                return false;
            }
        }
        return IsWithinLines(click.Lines.Length, options, turn);
    }

    /// <summary>A snapshot replaces the whole cart, so it may also change the currency.</summary>
    public static void Replace(CartSession session, Click click, SessionOptions options, TextPool texts)
    {
        var currency = CurrencyFor(session, click, options);
        session.StatedValueMinor = -1;
        session.Lines.Clear();
        Add(session, click, currency, texts);
    }

    public static ulong ProductsHash(ReadOnlySpan<CartLine> lines)
    {
        ulong sum = 0;
        foreach (ref readonly var line in lines)
        {
            sum += Hash64.Of(line.Product);
        }
        return sum;
    }

    public static ulong ProductsHash(Click click)
    {
        ulong sum = 0;
        foreach (ref readonly var line in click.Lines)
        {
            sum += Hash64.Of(click.Text(line.Product));
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
    private static Currency CurrencyFor(CartSession session, Click click, SessionOptions options) =>
        !click.Currency.IsNone ? click.Currency : session.Lines.Count > 0 ? session.Currency : options.Currency;

    private static bool TryAddLine(CartLine line, ref long valueMinor, CartTurn turn)
    {
        valueMinor += line.ValueMinor;
        if (line.Quantity > QuantityMax)
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
