namespace StreamEngine.Carts;

/// <summary>
/// Shares equal UTF-8 texts between sessions: a shop has thousands of products and millions of carts. Bounded: a full pool starts anew,
/// which costs sharing and nothing else. One thread.
/// </summary>
public sealed class TextPool
{
    private const int TextBytesMax = 64;
    private const int TextsMax = 65_536;

    private readonly Dictionary<byte[], byte[]> _texts = new(Utf8Comparer.Instance);

    public byte[] Get(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return [];
        }
        if (text.Length > TextBytesMax)
        {
            return text.ToArray();
        }
        var lookup = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(text, out var shared))
        {
            return shared;
        }
        if (_texts.Count == TextsMax)
        {
            _texts.Clear();
        }
        var copy = text.ToArray();
        _texts.Add(copy, copy);
        return copy;
    }
}

/// <summary>Equality of byte strings by content; a dictionary with it is searched by span, without a copy.</summary>
public sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = Hash64.Of(alternate);
        return (int)(hash ^ (hash >> 32));
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
