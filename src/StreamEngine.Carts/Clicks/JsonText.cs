using System.Buffers.Text;
using System.Text;

namespace StreamEngine.Carts.Clicks;

/// <summary>
/// Unescapes JSON strings. System.Text.Json throws on a lone surrogate, and shops do send those (a name cut in the middle
/// of an emoji): here it is an answer.
/// </summary>
internal static class JsonText
{
    /// <param name="raw">What stands between the quotes, already checked by the scanner: every escape is complete.</param>
    /// <param name="text">Never too short if it is as long as <paramref name="raw"/>.</param>
    /// <returns>False when a surrogate stands alone, or <paramref name="text"/> is too short.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> raw, Span<byte> text, out int length)
    {
        length = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            var chunk = plain < 0 ? raw : raw[..plain];
            if (!chunk.TryCopyTo(text[length..]))
            {
                return false;
            }
            length += chunk.Length;
            if (plain < 0)
            {
                return true;
            }
            var escape = raw[plain + 1];
            raw = raw[(plain + 2)..];
            if (!TryReadEscape(escape, ref raw, out var rune) || !rune.TryEncodeToUtf8(text[length..], out var written))
            {
                return false;
            }
            length += written;
        }
    }

    private static bool TryReadEscape(byte escape, ref ReadOnlySpan<byte> rest, out Rune rune)
    {
        if (escape == (byte)'u')
        {
            var unit = ReadHex(ref rest);
            if (Rune.TryCreate(unit, out rune))
            {
                return true;
            }
            if (!rest.StartsWith("\\u"u8))
            {
                return false;
            }
            rest = rest[2..];
            return Rune.TryCreate(unit, ReadHex(ref rest), out rune);
        }
        rune = new Rune(escape switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => (char)escape,
        });
        return true;
    }

    private static char ReadHex(ref ReadOnlySpan<byte> rest)
    {
        _ = Utf8Parser.TryParse(rest[..4], out ushort unit, out _, 'x');
        rest = rest[4..];
        return (char)unit;
    }
}
