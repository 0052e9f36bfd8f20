using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics.Shapes;

/// <summary>A span of time with its units, in ms: <c>45 s</c>, <c>90m</c>, <c>1h30m</c>, <c>3d</c>.</summary>
internal sealed class DurationShape(string noun, string example, bool mayBeZero = false) : ScalarShape<long>(noun, example)
{
    /// <summary>The deadline wheel reaches as far.</summary>
    private const int DaysMax = 90;
    private const long MsMax = DaysMax * 86_400_000L;
    private const string Days = "([0-9]{1,9} ?d)", Hours = "([0-9]{1,9} ?h)", Minutes = "([0-9]{1,9} ?m(?:in)?)", Seconds = "([0-9]{1,9} ?s)";

    // The same four parts begin with each in turn, so that at least one is there.
    private const string Text =
        $"^(?:{Days} ?{Hours}? ?{Minutes}? ?{Seconds}?|{Hours} ?{Minutes}? ?{Seconds}?|{Minutes} ?{Seconds}?|{Seconds})$";

    private static readonly Regex Whole = Pattern(Text);
    private static readonly Regex Part = Pattern("([0-9]+) ?([dhms])");
    private static readonly Regex Number = Pattern("^[0-9]{1,9}$");
    private static readonly Regex InWords = Pattern("^([0-9]{1,9}) ?(s|sec|m|min|h|hr|hour|d|day|second|minute)s?\\.?$");

    protected override bool TryRead(ScalarNode scalar, MistakeList mistakes, out long value)
    {
        value = 0;
        if (!MatchesWhole(Whole, scalar.Text, out _))
        {
            return MatchesWhole(Number, scalar.Text, out _)
                ? Complain(scalar, mistakes, "it has no unit (s, m, h or d)", $"{scalar.Text} s")
                : Complain(scalar, mistakes, "write 45 s, 90m, 1h30m or 3d, for instance", MendWords(scalar.Text));
        }
        foreach (Match part in Part.Matches(scalar.Text))
        {
            // Nine digits of days are far from the end of a long.
            value += long.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * UnitMs(part.Groups[2].ValueSpan[0]);
        }
        if (value > MsMax)
        {
            return Complain(scalar, mistakes, string.Create(CultureInfo.InvariantCulture, $"it is {DaysMax}d at most, for as long as the engine looks ahead"));
        }
        return value > 0 || mayBeZero || Complain(scalar, mistakes, $"it must be longer than nothing, such as {Example}");
    }

    // "2 Hours" -> "2 h": the first letter of a unit is the unit.
    private static string? MendWords(string text)
    {
        var words = InWords.Match(text.Length <= 30 ? text.ToLowerInvariant() : "");
        return words.Success ? $"{words.Groups[1].Value} {words.Groups[2].Value[0]}" : null;
    }

    private static long UnitMs(char unit) => unit switch
    {
        'd' => 86_400_000,
        'h' => 3_600_000,
        'm' => 60_000,
        _ => 1000,
    };

    /// <summary>The shortest way to write it, as this shape would read it again.</summary>
    public static string Write(long ms)
    {
        if (ms == 0)
        {
            return "0 s";
        }
        var span = TimeSpan.FromMilliseconds(ms);
        (int Amount, string Unit)[] parts = [(span.Days, "d"), (span.Hours, "h"), (span.Minutes, "min"), (span.Seconds, "s")];
        return string.Join(' ', parts.Where(p => p.Amount > 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Amount} {p.Unit}")));
    }

    public override JsonObject Schema(SchemaParts parts) => parts.Refer("duration", () => new JsonObject
    {
        ["type"] = "string",
        ["pattern"] = Text,
        ["description"] = "A number and a unit, or several: s, m (or min), h, d. For instance 45 s, 90m, 1h30m, 3d; 90d at most.",
    });
}
