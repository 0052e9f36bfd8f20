namespace StreamEngine.Carts.Clicks;

/// <summary>A number of JSON, as RFC 8259 writes it: no leading zero, no plus, a digit on both sides of the point.</summary>
internal static class JsonNumber
{
    /// <param name="length">Of the number that the text begins with; where it is none, the byte that cannot be right.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out int length)
    {
        length = ByteAt(text, 0) == (byte)'-' ? 1 : 0;
        if (ByteAt(text, length) == (byte)'0')
        {
            length++;
        }
        else if (!TryReadDigits(text, ref length))
        {
            return false;
        }
        if (ByteAt(text, length) == (byte)'.')
        {
            length++;
            if (!TryReadDigits(text, ref length))
            {
                return false;
            }
        }
        if ((ByteAt(text, length) | 0x20) == (byte)'e')
        {
            length++;
            if (ByteAt(text, length) is (byte)'+' or (byte)'-')
            {
                length++;
            }
            return TryReadDigits(text, ref length);
        }
        return true;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, ref int at)
    {
        var start = at;
        while (char.IsAsciiDigit((char)ByteAt(text, at)))
        {
            at++;
        }
        return at > start;
    }

    /// <summary>0 behind the text's end.</summary>
    private static byte ByteAt(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;
}
