using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using StreamEngine.Carts.Sessions;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// The bytes of one segment: a version byte, then per session key length (u16), key, state length (i32, -1 for a session that ended), state;
/// at the end a CRC-32C over all of it. Little-endian.
/// </summary>
internal sealed class SegmentWriter
{
    public const byte Version = 1;

    private readonly ArrayBufferWriter<byte> _state = new(512);

    public static void Begin(ArrayBufferWriter<byte> segment) => Append(segment, [Version]);

    /// <returns>Bytes the entry takes in the segment.</returns>
    public int Write(ArrayBufferWriter<byte> segment, ResidentSession session)
    {
        _state.ResetWrittenCount();
        SessionCodec.Write(session, _state);
        return WriteEntry(segment, session.Visitor, _state.WrittenCount, _state.WrittenSpan);
    }

    public static void WriteEnd(ArrayBufferWriter<byte> segment, ResidentSession session) => WriteEntry(segment, session.Visitor, -1, default);

    public static void Seal(ArrayBufferWriter<byte> segment)
    {
        var checksum = Crc32C(segment.WrittenSpan);
        BinaryPrimitives.WriteUInt32LittleEndian(segment.GetSpan(4), checksum);
        segment.Advance(4);
    }

    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }
        return ~crc;
    }

    private static int WriteEntry(ArrayBufferWriter<byte> segment, ReadOnlySpan<byte> key, int stateLength, ReadOnlySpan<byte> state)
    {
        var length = 2 + key.Length + 4 + state.Length;
        var span = segment.GetSpan(length);
        BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)key.Length);
        key.CopyTo(span[2..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[(2 + key.Length)..], stateLength);
        state.CopyTo(span[(6 + key.Length)..]);
        segment.Advance(length);
        return length;
    }

    private static void Append(ArrayBufferWriter<byte> segment, ReadOnlySpan<byte> bytes) => segment.Write(bytes);
}

/// <summary>Reads a segment entry by entry. Damage is an <see cref="InvalidDataException"/>.</summary>
internal ref struct SegmentReader
{
    private ReadOnlySpan<byte> _rest;

    public SegmentReader(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 5 || BinaryPrimitives.ReadUInt32LittleEndian(segment[^4..]) != SegmentWriter.Crc32C(segment[..^4]))
        {
            throw new InvalidDataException("its checksum does not match");
        }
        if (segment[0] != SegmentWriter.Version)
        {
            throw new InvalidDataException($"it has layout {segment[0]}, this release reads layout {SegmentWriter.Version}");
        }
        _rest = segment[1..^4];
    }

    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> State { get; private set; }

    public bool IsEnd { get; private set; }

    public int EntryBytes { get; private set; }

    public bool TryNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }
        var keyLength = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        Key = _rest.Slice(2, keyLength);
        var stateLength = BinaryPrimitives.ReadInt32LittleEndian(_rest[(2 + keyLength)..]);
        IsEnd = stateLength < 0;
        State = _rest.Slice(6 + keyLength, Math.Max(0, stateLength));
        EntryBytes = 6 + keyLength + State.Length;
        _rest = _rest[EntryBytes..];
        return true;
    }
}
