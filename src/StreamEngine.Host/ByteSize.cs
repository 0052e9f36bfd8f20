using System.Globalization;

namespace StreamEngine.Host;

/// <summary>Amounts of memory as people write them: 4096, 256 KiB, 8 MB. A K is always 1024.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB"];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var trimmed = text.AsSpan().Trim();
        var digits = trimmed.IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? trimmed : trimmed[..digits];
        var power = (digits < 0 ? "" : trimmed[digits..].Trim().ToString().ToLowerInvariant()) switch
        {
            "" or "b" or "bytes" => 0,
            "k" or "kb" or "kib" => 1,
            "m" or "mb" or "mib" => 2,
            "g" or "gb" or "gib" => 3,
            _ => -1,
        };
        if (power < 0 || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue >> (10 * power))
        {
            return false;
        }
        bytes = count << (10 * power);
        return true;
    }

    /// <summary>In the largest unit that keeps it exact.</summary>
    public static string Format(long bytes)
    {
        var power = 0;
        while (power < 3 && bytes != 0 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            power++;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{bytes} {Units[power]}");
    }
}
