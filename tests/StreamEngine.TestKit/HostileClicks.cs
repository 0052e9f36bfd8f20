using System.Globalization;
using System.Text;

namespace StreamEngine.TestKit;

/// <summary>One record that nobody asked for.</summary>
/// <param name="Reason">The reason its dead letter gives; null where the record can be read.</param>
/// <param name="TimestampMs">Unix ms of the record; 0 where it comes at its place in time.</param>
public sealed record HostileClick(byte[] Key, byte[] Value, string? Reason, long TimestampMs = 0);

/// <summary>Kinds of hostile traffic. Their visitors' names begin with <see cref="Prefix"/>, where they have one.</summary>
public static class HostileClicks
{
    public const string Prefix = "hostile-";

    /// <summary>2100-01-01.</summary>
    public const long FarMs = 4_102_444_800_000;

    private static readonly byte[] s_page = ClickJson.Page("product");
    private static readonly byte[] s_large = Filled(990_000, """{"type":"page","name":" """, "\"}");
    private static readonly byte[] s_deep = Encoding.ASCII.GetBytes(
        "{\"type\":\"page\",\"properties\":" + new string('[', 10_000) + new string(']', 10_000) + "}");

    private static readonly byte[] s_longKey = Filled(64 * 1024, Prefix, "");

    private static readonly Dictionary<string, Func<int, HostileClick>> s_makers = new(StringComparer.Ordinal)
    {
        ["broken JSON"] = i => new(Key(i), Encoding.UTF8.GetBytes("{\"type\":\"track\",\"event\":\"Product Added\",\"properties\":{"), "BrokenJson"),
        ["not an object"] = i => new(Key(i), "[1,2,3]"u8.ToArray(), "NotAnObject"),
        ["nothing"] = i => new(Key(i), [], "BrokenJson"),
        ["no event"] = i => new(Key(i), """{"type":"track"}"""u8.ToArray(), "MissingField"),
        ["wrong price"] = i => new(
            Key(i), ClickJson.Track("Product Added", """{"product_id":"x","price":"a lot"}"""), "BadPrice"),
        ["a megabyte"] = i => new(Key(i), s_large, "TooLarge"),
        ["10,000 deep"] = i => new(Key(i), s_deep, "TooDeep"),
        ["a key of 64 KB"] = static _ => new(s_longKey, s_page, "VisitorTooLong"),
        ["an empty key"] = static _ => new([], s_page, "MissingVisitor"),
        ["invalid UTF-8"] = i => new(Key(i), [.. "{\"type\":\"page\",\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8], "InvalidUtf8"),
        ["a key of invalid UTF-8"] = static i => new([.. Key(i), 0xFF], s_page, "InvalidUtf8"),
        ["a record of 1970"] = i => new(Key(i), s_page, null, TimestampMs: 1 + i),
        ["a record of 2100"] = i => new(Key(i), s_page, null, FarMs + i),
        ["a click of 1970"] = i => new(Key(i), ClickJson.Page("product", atMs: 1_000 + i), null),
        ["a click of 2100"] = i => new(Key(i), ClickJson.Page("product", atMs: FarMs + i), null),
    };

    public static IReadOnlyCollection<string> Kinds => s_makers.Keys;

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="number">Tells the records of a kind apart, and their visitors.</param>
    public static HostileClick Make(string kind, int number) => s_makers[kind](number);

    /// <summary>All kinds in turn.</summary>
    public static HostileClick Make(int number) => s_makers.Values.ElementAt(number % s_makers.Count)(number);

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes(Prefix + number.ToString(CultureInfo.InvariantCulture));

    private static byte[] Filled(int bytes, string head, string tail) =>
        Encoding.ASCII.GetBytes(head + new string('x', bytes - head.Length - tail.Length) + tail);
}
