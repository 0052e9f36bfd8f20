using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StreamEngine.Carts.Actions;

/// <summary>Names one decision for ever: 128 bits of SHA-256 over store, session, episode, tactic and occurrence. Written as 32 hex digits.</summary>
public readonly record struct ActionId(ulong High, ulong Low)
{
    /// <param name="sessionStartMs">Tells this session of the visitor from an earlier one that has ended and was forgotten.</param>
    public static ActionId Of(string store, ReadOnlySpan<byte> visitor, long sessionStartMs, int episode, string tactic, int occurrence)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        Append(Encoding.UTF8.GetBytes(store), number);
        Append(visitor, number);
        BinaryPrimitives.WriteInt64LittleEndian(number, sessionStartMs);
        hash.AppendData(number);
        BinaryPrimitives.WriteInt64LittleEndian(number, ((long)episode << 32) | (uint)occurrence);
        hash.AppendData(number);
        Append(Encoding.UTF8.GetBytes(tactic), number);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return FromBytes(digest);

        // Lengths go in too: "ab" + "c" must not be "a" + "bc".
        void Append(ReadOnlySpan<byte> part, Span<byte> scratch)
        {
            BinaryPrimitives.WriteInt64LittleEndian(scratch, part.Length);
            hash.AppendData(scratch);
            hash.AppendData(part);
        }
    }

    public static ActionId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    public static bool TryParse(ReadOnlySpan<byte> hex, out ActionId id)
    {
        id = default;
        if (hex.Length != 32
            || !ulong.TryParse(hex[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(hex[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }
        id = new ActionId(high, low);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
