using System.Globalization;

namespace StreamEngine.Carts.Actions;

/// <summary>
/// Times as actions write them: RFC 3339 in UTC with milliseconds, e.g. 2026-03-02T10:00:00.000Z. Cut from .NET's round-trip format, which has code of its
/// own: a custom format is interpreted letter by letter and takes several times as long, and an action has four times.
/// </summary>
internal static class Rfc3339
{
    /// <summary>What <see cref="Write"/> needs: the round-trip format has seven digits behind the second.</summary>
    public const int BytesMax = 28;

    private const int Bytes = 24;

    public static ReadOnlySpan<byte> Write(long unixMs, Span<byte> text)
    {
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        text[Bytes - 1] = (byte)'Z';
        return text[..Bytes];
    }
}
