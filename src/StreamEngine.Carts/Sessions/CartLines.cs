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
    private CartLine[]? _lines;
    private int _count;

    public readonly int Count => _count;

    public readonly ReadOnlySpan<CartLine> Span => _lines.AsSpan(0, _count);

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

    public readonly int IndexOf(ReadOnlySpan<byte> product)
    {
        for (var i = 0; i < _count; i++)
        {
            if (product.SequenceEqual(_lines![i].Product))
            {
                return i;
            }
        }
        return -1;
    }

    public readonly int IndexOf(ReadOnlySpan<byte> product, long priceMinor)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_lines![i].PriceMinor == priceMinor && product.SequenceEqual(_lines[i].Product))
            {
                return i;
            }
        }
        return -1;
    }

    public readonly CartLines Copy() => new() { _lines = Span.ToArray(), _count = _count };

    public readonly CartLine this[int index] => Span[index];

    public readonly void Set(int index, CartLine line) => _lines![index] = line;

    public void Append(CartLine line)
    {
        if (_lines is null || _count == _lines.Length)
        {
            // 32 B a line, which stay for as long as the cart does: most carts have a few lines and no place too many.
            Array.Resize(ref _lines, _count + 1 + _count / 8);
        }
        _lines[_count++] = line;
    }

    public void RemoveAt(int index)
    {
        _lines.AsSpan(index + 1, _count - index - 1).CopyTo(_lines.AsSpan(index));
        _lines![--_count] = default;
    }

    public void Clear()
    {
        _lines = null;
        _count = 0;
    }
}
