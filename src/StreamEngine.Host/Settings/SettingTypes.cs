using System.Globalization;
using System.Text.RegularExpressions;
using StreamEngine.Carts;

namespace StreamEngine.Host.Settings;

/// <summary>The kinds of values that settings have.</summary>
public static partial class SettingTypes
{
    public static SettingType<string> Text(int lengthMax) => new(
        $"1 to {lengthMax} printable characters",
        (string text, out string value) =>
        {
            value = text.Trim();
            return value.Length > 0 && value.Length <= lengthMax && !value.Any(char.IsControl);
        },
        static value => value);

    public static SettingType<string> OptionalName { get; } = new(
        "nothing, or up to 200 letters, digits, '.', '_' and '-'",
        static (string text, out string value) =>
        {
            value = text.Trim();
            return value.Length <= 200 && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        },
        static value => value);

    public static SettingType<string> FilePath { get; } = Text(4096) with { Right = "the path of a file" };

    public static SettingType<string> OptionalFilePath { get; } = FilePath with
    {
        Right = "nothing, or the path of a file",
        TryParse = static (string text, out string value) => FilePath.TryParse(text, out value) || value.Length == 0,
    };

    public static SettingType<string> Choice(params string[] choices) => new(
        string.Join(" or ", choices),
        (string text, out string value) =>
        {
            value = Array.Find(choices, choice => choice.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)) ?? "";
            return value.Length > 0;
        },
        static value => value);

    public static SettingType<string> Topic { get; } = new(
        "a topic's name: up to 249 letters, digits, '.', '_' and '-'",
        static (string text, out string value) =>
        {
            value = text.Trim();
            return TopicName().IsMatch(value) && value is not ("." or "..");
        },
        static value => value);

    public static SettingType<string> Addresses { get; } = new(
        "host:port, several with commas between them, such as kafka-1:9092,kafka-2:9092",
        static (string text, out string value) =>
        {
            value = text.Trim();
            return value.Split(',').All(static part => IsAddress(part.Trim()));
        },
        static value => value);

    public static SettingType<int> Whole(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        (string text, out int value) =>
            int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
        static value => value.ToString(CultureInfo.InvariantCulture));

    public static SettingType<long> Bytes(long min, long max) => new(
        $"a size from {ByteSize.Format(min)} to {ByteSize.Format(max)}, such as 65536 or 64 KiB",
        (string text, out long value) => ByteSize.TryParse(text, out value) && value >= min && value <= max,
        ByteSize.Format);

    public static SettingType<long> SpanMs(string min, string max)
    {
        var (minMs, maxMs) = (ParseMs(min), ParseMs(max));
        return new(
            $"a duration from {min} to {max}, such as 30m, 1h30m or 00:30:00",
            (string text, out long value) =>
            {
                var isRight = Duration.TryParse(text, out var span);
                value = (long)span.TotalMilliseconds;
                return isRight && value >= minMs && value <= maxMs;
            },
            static value => Duration.Format(TimeSpan.FromMilliseconds(value)));
    }

    public static SettingType<Currency> CurrencyCode { get; } = new(
        "a currency's three letters, such as EUR",
        static (string text, out Currency value) => Currency.TryParse(System.Text.Encoding.UTF8.GetBytes(text.Trim()), out value),
        static value => value.ToString());

    private static long ParseMs(string text) =>
        Duration.TryParse(text, out var span) ? (long)span.TotalMilliseconds : throw new FormatException($"'{text}' is no duration.");

    private static bool IsAddress(string text) =>
        Address().Match(text) is { Success: true } match
        && (!match.Groups["port"].Success
            || (int.TryParse(match.Groups["port"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536));

    // Written at build: those without backtracking are made at run time, 70 ms of a node's start.
    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,249}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TopicName();

    // The client library takes a protocol in front and assumes port 9092.
    [GeneratedRegex(@"^([A-Za-z_]+://)?(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]+)(:(?<port>[0-9]+))?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
