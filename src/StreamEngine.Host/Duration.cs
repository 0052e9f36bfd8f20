using System.Globalization;
using System.Text;

namespace StreamEngine.Host;

/// <summary>Spans of time as people write them: 30m, 5 min, 1h30m, 7 days, 500ms, 00:30:00.</summary>
public static class Duration
{
    // A century is surely a slip, and keeps the sums below far from overflow.
    private const decimal MsMax = 36_525m * 86_400_000m;

    /// <summary>A bare number has no unit and is refused, except 0.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var rest = text.AsSpan().Trim();
        if (rest is "0")
        {
            return true;
        }
        if (rest.Count(':') == 2)
        {
            return !rest.StartsWith("-") && TimeSpan.TryParseExact(rest, "c", CultureInfo.InvariantCulture, out value);
        }
        var ms = 0m;
        var parts = 0;
        while (!rest.IsEmpty)
        {
            var digits = LengthWhile(rest, static c => char.IsAsciiDigit(c) || c == '.');
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }
            rest = rest[digits..].TrimStart();
            var letters = LengthWhile(rest, char.IsAsciiLetter);
            var unitMs = UnitMs(rest[..letters].ToString().ToLowerInvariant());
            if (unitMs == 0 || number > MsMax / unitMs)
            {
                return false;
            }
            ms += number * unitMs;
            rest = rest[letters..].TrimStart();
            parts++;
        }
        if (parts == 0 || ms > MsMax || ms != decimal.Truncate(ms))
        {
            return false;
        }
        value = TimeSpan.FromMilliseconds((long)ms);
        return true;
    }

    /// <summary>The shortest way to write it, which <see cref="TryParse"/> reads back. Whole milliseconds.</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0s";
        }
        var text = new StringBuilder();
        Append(value.Days, "d");
        Append(value.Hours, "h");
        Append(value.Minutes, "m");
        Append(value.Seconds, "s");
        Append(value.Milliseconds, "ms");
        return text.ToString();

        void Append(int number, string unit)
        {
            if (number != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
            }
        }
    }

    private static long UnitMs(string unit) => unit switch
    {
        "ms" or "millisecond" or "milliseconds" => 1,
        "s" or "sec" or "second" or "seconds" => 1_000,
        "m" or "min" or "minute" or "minutes" => 60_000,
        "h" or "hr" or "hour" or "hours" => 3_600_000,
        "d" or "day" or "days" => 86_400_000,
        "w" or "week" or "weeks" => 7 * 86_400_000,
        _ => 0,
    };

    private static int LengthWhile(ReadOnlySpan<char> text, Func<char, bool> holds)
    {
        var length = 0;
        while (length < text.Length && holds(text[length]))
        {
            length++;
        }
        return length;
    }
}
