using System.Text;

namespace StreamEngine.Carts;

/// <summary>
/// Text as UTF-8, compared by its bytes. A visitor's key comes, is stored and leaves as UTF-8: as a string it would be made anew for every row.
/// Texts may lie side by side in one array, which is one object for the garbage collector instead of one each; <see cref="Kept"/> for who looks later.
/// </summary>
public readonly record struct Utf8Text(ReadOnlyMemory<byte> Bytes)
{
    public static implicit operator Utf8Text(string text) => new(Encoding.UTF8.GetBytes(text));

    public bool Equals(Utf8Text other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode() => (int)Hash64.Of(Bytes.Span);

    /// <summary>The same in an array of its own.</summary>
    public Utf8Text Kept() => new(Bytes.ToArray());

    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}
