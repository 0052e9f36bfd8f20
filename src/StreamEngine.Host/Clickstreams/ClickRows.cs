using System.Globalization;
using System.Text;
using StreamEngine.Carts;

namespace StreamEngine.Host.Clickstreams;

/// <summary>What the rows of one format mean as clicks.</summary>
internal abstract class ClickRows
{
    /// <summary>Text of fields in mistakes is cut here: a reason fits on a line.</summary>
    private const int QuotedLengthMax = 40;

    protected static ClickContext Context { get; } = new("streamengine-replay", "1");

    public static ClickRows Of(ClickstreamFormat format) => format switch
    {
        ClickstreamFormat.SegmentJson => new SegmentRows(),
        ClickstreamFormat.Rees46 => new Rees46Rows(),
        ClickstreamFormat.Taobao => new TaobaoRows(),
        ClickstreamFormat.Otto => new OttoRows(),
        ClickstreamFormat.SimpleOnlineShop => new SimpleOnlineShopRows(),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no such format"),
    };

    public virtual bool IsHeader(ReadOnlySpan<byte> line) => false;

    /// <summary>Adds the row's clicks, or none and says why.</summary>
    /// <returns>Null, or what is wrong with the row.</returns>
    public abstract string? Read(ReadOnlySpan<byte> line, ClickBatch clicks);

    /// <summary>For formats that hold clicks back until their time has come: adds the next one that is due.</summary>
    /// <param name="atEnd">True when all rows are read: everything is due.</param>
    public virtual bool TryGiveHeld(ClickBatch clicks, bool atEnd) => false;

    /// <summary>
    /// The id of a click is the hash of its row: rows that are equal in every field are one event that was recorded twice, and get one id.
    /// </summary>
    /// <param name="ordinal">Tells several clicks of one row apart.</param>
    /// <returns>The bytes of <paramref name="id"/> that were written.</returns>
    protected static ReadOnlySpan<byte> RowId(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> row, ulong ordinal, Span<byte> id)
    {
        prefix.CopyTo(id);
        Hash64.Of(row, ordinal).TryFormat(id[prefix.Length..], out var written, "x16", CultureInfo.InvariantCulture);
        return id[..(prefix.Length + written)];
    }

    protected static string Quote(ReadOnlySpan<byte> text) =>
        text.Length > QuotedLengthMax ? $"'{Encoding.UTF8.GetString(text[..QuotedLengthMax])}...'" : $"'{Encoding.UTF8.GetString(text)}'";
}
