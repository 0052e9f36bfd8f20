namespace StreamEngine.Carts.Sessions;

/// <summary>The hashes of the last 16 messages that would do harm twice (Product Added, ...). Snapshots and page views need none.</summary>
public struct MessageRing
{
    public const int Capacity = 16;

    private ulong[]? _ids;
    private byte _count;
    private byte _next;

    public readonly int Count => _count;

    public readonly bool Contains(ulong id) => _ids is not null && _ids.AsSpan(0, _count).Contains(id);

    public void Add(ulong id)
    {
        if (_ids is null || (_count == _ids.Length && _count < Capacity))
        {
            Array.Resize(ref _ids, _count == 0 ? 2 : Math.Min(_count * 2, Capacity));
        }
        if (_count < Capacity)
        {
            _ids[_count++] = id;
            return;
        }
        _ids[_next] = id;
        _next = (byte)((_next + 1) % Capacity);
    }

    /// <summary>Copies the ids, oldest first.</summary>
    public readonly void CopyTo(Span<ulong> ids)
    {
        for (var i = 0; i < _count; i++)
        {
            ids[i] = _ids![_count < Capacity ? i : (_next + i) % Capacity];
        }
    }
}
