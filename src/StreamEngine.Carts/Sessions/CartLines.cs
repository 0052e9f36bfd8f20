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

    /// <summary>Takes over another's lines. Exactly as many places as lines; where that is what is here, nothing new: shops tell the whole cart with every look at it.</summary>
    public void CopyFrom(in CartLines other)
    {
        if (_lines?.Length == other._count)
        {
            other.Span.CopyTo(_lines);
        }
        else
        {
            _lines = other._count == 0 ? null : other.Span.ToArray();
        }
        _count = other._count;
    }

    public void Clear()
    {
        _lines = null;
        _count = 0;
    }

    /// <summary>Empty, for lines that come at once: the places stay.</summary>
    public void Restart() => _count = 0;
}
