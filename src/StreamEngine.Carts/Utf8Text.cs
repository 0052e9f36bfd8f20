using System.Text;

namespace StreamEngine.Carts;

/// <summary>Text as UTF-8, compared by its bytes. A visitor's key comes, is stored and leaves as UTF-8: as a string it would be made anew for every row.</summary>
public readonly record struct Utf8Text(byte[] Bytes)
{
    public static implicit operator Utf8Text(string text) => new(Encoding.UTF8.GetBytes(text));

    public bool Equals(Utf8Text other) => Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override int GetHashCode() => (int)Hash64.Of(Bytes);

    public override string ToString() => Encoding.UTF8.GetString(Bytes.AsSpan());
}
