namespace StreamEngine.Carts.Sessions;

/// <param name="Product">Product id, UTF-8, shared through <see cref="TextPool"/>.</param>
/// <param name="Name">UTF-8; empty when unknown.</param>
/// <param name="PriceMinor">Unit price; -1 unknown, which counts as 0 in the cart's value.</param>
public readonly record struct CartLine(byte[] Product, byte[] Name, int Quantity, long PriceMinor)
{
    public long ValueMinor => PriceMinor < 0 ? 0 : PriceMinor * Quantity;
}

/// <summary>What lies in a cart, in the order it was put there. A line is found by a scan: a typical cart has three.</summary>
public struct CartLines
{
    private SlabList<CartLine> _lines;

    public readonly int Count => _lines.Count;

    public readonly ReadOnlySpan<CartLine> Span => _lines.Span;

    public readonly long ValueMinor
    {
        get
        {
            long value = 0;
            foreach (ref readonly var line in Span)
            {
                value += line.ValueMinor;
            }
            return value;
        }
    }

    public readonly void Expect() => _lines.Expect();

    /// <summary>Begins to bring near the texts of its lines, which must be near themselves.</summary>
    public readonly void ExpectTexts()
    {
        foreach (ref readonly var line in Span)
        {
            CacheLine.FetchObject(line.Product, lines: 1);
            CacheLine.FetchObject(line.Name, lines: 1);
        }
    }

    public readonly int IndexOf(ReadOnlySpan<byte> product)
    {
        var lines = Span;
        for (var i = 0; i < lines.Length; i++)
        {
            if (product.SequenceEqual(lines[i].Product))
            {
                return i;
            }
        }
        return -1;
    }

    public readonly int IndexOf(ReadOnlySpan<byte> product, long priceMinor)
    {
        var lines = Span;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].PriceMinor == priceMinor && product.SequenceEqual(lines[i].Product))
            {
                return i;
            }
        }
        return -1;
    }

    public readonly CartLine this[int index] => Span[index];

    public readonly void Set(int index, CartLine line) => _lines.Span[index] = line;

    /// <param name="slab">Null for lines that nobody keeps.</param>
    public void Append(CartLine line, Slab<CartLine>? slab) => _lines.Add(slab) = line;

    public void RemoveAt(int index) => _lines.RemoveAt(index);

    /// <summary>The same lines as there, of its own. Where there are as many places, nothing new: shops tell the whole cart with every look at it.</summary>
    public void CopyFrom(in CartLines other, Slab<CartLine>? slab) => _lines.CopyFrom(other.Span, slab);

    public void Clear(Slab<CartLine> slab) => _lines.Release(slab);

    /// <summary>Empty, for lines that come at once: the places stay.</summary>
    public void Restart() => _lines.Restart();
}
