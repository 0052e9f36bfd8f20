using System.Buffers.Binary;

namespace StreamEngine.Carts.Sessions;

/// <summary>How a field is laid out after its tag byte (field number * 4 + type), so that a reader can step over a field it does not know.</summary>
internal enum WireType : byte
{
    Varint,
    Fixed64,
    Bytes,
}

/// <summary>Writes tagged fields into a span that was reserved large enough. Numbers are little-endian base-128 varints.</summary>
internal ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public void Tag(int field, WireType type) => _buffer[Length++] = (byte)(field * 4 + (int)type);

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
    }

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[Length++] = (byte)value;
    }

    public void SignedVarint(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer[Length..], value);
        Length += 8;
    }

    public void Text(scoped ReadOnlySpan<byte> text)
    {
        Varint((ulong)text.Length);
        Raw(text);
    }

    /// <summary>A field of its own, left out where it is zero.</summary>
    public void Number(int field, long value)
    {
        if (value != 0)
        {
            Tag(field, WireType.Varint);
            SignedVarint(value);
        }
    }

    public void Bytes(int field, scoped ReadOnlySpan<byte> bytes)
    {
        Tag(field, WireType.Bytes);
        Text(bytes);
    }

    public void Hash(int field, ulong hash)
    {
        if (hash != 0)
        {
            Tag(field, WireType.Fixed64);
            Fixed64(hash);
        }
    }
}

/// <summary>Reads what <see cref="WireWriter"/> wrote; bytes that make no sense are an <see cref="InvalidDataException"/>, never a read past the end.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position >= _data.Length;

    public byte Byte() => Position < _data.Length ? _data[Position++] : throw Truncated();

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
        throw new InvalidDataException("A number in a session's state has no end.");
    }

    public long SignedVarint()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ulong VarintWithin(ulong min, ulong max)
    {
        var value = Varint();
        return value >= min && value <= max
            ? value
            : throw new InvalidDataException($"A session's state holds {value} where {min} to {max} can stand.");
    }

    public ulong Fixed64()
    {
        var bytes = Raw(8);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public ReadOnlySpan<byte> Text() => Raw((int)Math.Min(Varint(), int.MaxValue));

    public ReadOnlySpan<byte> Raw(int length)
    {
        if (length > _data.Length - Position)
        {
            throw Truncated();
        }
        var bytes = _data.Slice(Position, length);
        Position += length;
        return bytes;
    }

    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint: Varint(); break;
            case WireType.Fixed64: Raw(8); break;
            case WireType.Bytes: Text(); break;
            default: throw new InvalidDataException("A field of a session's state has an unknown layout.");
        }
    }

    public readonly ReadOnlySpan<byte> Since(int position) => _data[position..Position];

    private static InvalidDataException Truncated() => new("A session's state ends too early.");
}
