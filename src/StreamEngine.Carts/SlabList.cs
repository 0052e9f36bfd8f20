using System.Runtime.CompilerServices;

namespace StreamEngine.Carts;

/// <summary>
/// A short list with its places in a <see cref="Slab{T}"/>, no more of them than it needs. Always given the same slab, or always none: then it has an array of its own.
/// Never copied: two would give the same places back.
/// </summary>
public struct SlabList<T>
    where T : struct
{
    /// <summary>Items that one can have.</summary>
    public const int CountMax = ushort.MaxValue;

    private T[]? _block;
    private int _start;
    private ushort _count;
    private ushort _capacity;

    public readonly int Count => _count;

    public readonly Span<T> Span => _block.AsSpan(_start, _count);

    /// <summary>Begins to bring its items near.</summary>
    public readonly void Expect()
    {
        if (_count > 0)
        {
            CacheLine.Fetch(ref _block![_start], _count * Unsafe.SizeOf<T>());
        }
    }

    /// <summary>Adds a place and returns it, empty.</summary>
    public ref T Add(Slab<T>? slab)
    {
        if (_count == _capacity)
        {
            Resize(_count + 1 + _count / 8, slab);
        }
        return ref _block![_start + _count++];
    }

    public void RemoveAt(int index)
    {
        var items = Span;
        items[(index + 1)..].CopyTo(items[index..]);
        items[^1] = default;
        _count--;
    }

    /// <summary>The same items as there, and exactly as many places; where it has as many, nothing is taken and nothing given back.</summary>
    public void CopyFrom(ReadOnlySpan<T> items, Slab<T>? slab)
    {
        if (items.Length != _capacity)
        {
            Release(slab);
            if (items.Length == 0)
            {
                return;
            }
            Resize(items.Length, slab);
        }
        _count = (ushort)items.Length;
        items.CopyTo(Span);
    }

    /// <summary>Empty, for items that come at once: the places stay.</summary>
    public void Restart()
    {
        Span.Clear();
        _count = 0;
    }

    /// <summary>Empty; the places go back.</summary>
    public void Release(Slab<T>? slab)
    {
        if (_capacity > 0)
        {
            Span.Clear();
            slab?.Give(new Slab<T>.Run(_block!, _start), _capacity);
            this = default;
        }
    }

    private void Resize(int capacity, Slab<T>? slab)
    {
        var (block, start) = slab?.Take(capacity) ?? new Slab<T>.Run(new T[capacity], 0);
        var count = _count;
        Span.CopyTo(block.AsSpan(start));
        Release(slab);
        (_block, _start, _count, _capacity) = (block, start, count, checked((ushort)capacity));
    }
}
