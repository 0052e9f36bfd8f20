using System.Buffers.Text;

namespace StreamEngine.Host.Clickstreams;

/// <summary>Fields of a line of comma-separated values, and the values that stand in them.</summary>
internal static class CsvLine
{
    /// <summary>
    /// Fields may stand in double quotes; quotes inside of quotes are not read.
    /// </summary>
    /// <returns>How many fields the line has, which may be more than fit; -1 where its quotes cannot be read.</returns>
    public static int Split(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        var (count, at) = (0, 0);
        while (true)
        {
            var quoted = at < line.Length && line[at] == '"';
            var start = quoted ? at + 1 : at;
            var length = line[start..].IndexOf(quoted ? (byte)'"' : (byte)',');
            if (length < 0 && quoted)
            {
                return -1;
            }
            var end = length < 0 ? line.Length : start + length;
            if (count < fields.Length)
            {
                fields[count] = start..end;
            }
            count++;
            at = quoted ? end + 1 : end;
            if (at == line.Length)
            {
                return count;
            }
            if (line[at] != ',')
            {
                return -1;
            }
            at++;
        }
    }

    /// <summary>Reads "2019-10-01 00:00:08", optionally with a fraction of a second and with " UTC" behind it, as UTC.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long timeMs)
    {
        timeMs = 0;
        if (text.EndsWith(" UTC"u8))
        {
            text = text[..^4];
        }
        if (text.Length < 19 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)' ' or (byte)'T') || text[13] != ':' || text[16] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second)
            || year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }
        var millisecond = 0;
        if (text.Length > 19)
        {
            var fraction = text[20..];
            if (text[19] != '.' || fraction.Length is 0 or > 9 || !TryDigits(fraction, out millisecond))
            {
                return false;
            }
            for (var digits = fraction.Length; digits > 3; digits--)
            {
                millisecond /= 10;
            }
            for (var digits = fraction.Length; digits < 3; digits++)
            {
                millisecond *= 10;
            }
        }
        timeMs = new DateTimeOffset(year, month, day, hour, minute, second, millisecond, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return true;
    }

    public static bool TryPrice(ReadOnlySpan<byte> text, out decimal price) =>
        Utf8Parser.TryParse(text, out price, out var read) && read == text.Length && price >= 0;

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out var read, 'D') && read == text.Length && text[0] is >= (byte)'0' and <= (byte)'9';
}
