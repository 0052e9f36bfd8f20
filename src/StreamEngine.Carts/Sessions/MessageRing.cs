namespace StreamEngine.Carts.Sessions;

/// <summary>The hashes of the last 16 messages that would do harm twice (Product Added, ...), oldest first. Snapshots and page views need none.</summary>
public struct MessageRing
{
    public const int Capacity = 16;

    private SlabList<ulong> _ids;

    public readonly int Count => _ids.Count;

    public readonly ReadOnlySpan<ulong> Span => _ids.Span;

    public readonly void Expect() => _ids.Expect();

    public readonly bool Contains(ulong id) => Span.Contains(id);

    public void Add(ulong id, Slab<ulong> slab)
    {
        if (_ids.Count < Capacity)
        {
            _ids.Add(slab) = id;
            return;
        }
        var ids = _ids.Span;
        ids[1..].CopyTo(ids);
        ids[^1] = id;
    }

    public void Clear(Slab<ulong> slab) => _ids.Release(slab);
}
