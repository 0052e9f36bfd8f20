using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamEngine.Carts;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Blocks;

/// <summary>
/// Rows of a read model that a shard's commit adds, as one value in the database: a JSON array, a row an array of its columns. <see cref="BlockReader"/> reads it, and
/// so does SQL: the views <c>action</c> and <c>cart</c> take it apart. What a commit adds costs the database one row instead of one each, with its entries in the indexes.
/// </summary>
internal sealed class BlockWriter : IDisposable
{
    /// <summary>A block ends with the row that reaches it: who reads one action need not read more than that.</summary>
    private const int BytesMax = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;

    // Not for a page of the web, so that letters beyond ASCII stay as they are.
    public BlockWriter() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>UTF-8. Holds until the next block.</summary>
    public ReadOnlyMemory<byte> Rows => _buffer.WrittenMemory;

    /// <summary>Where the block's first row stands among those of its commit.</summary>
    public int Place { get; private set; }

    /// <summary>Place in the outbox of the block's first action that was emitted; 0: none was.</summary>
    public long FirstSeq { get; private set; }

    /// <summary>And of the last one.</summary>
    public long LastSeq { get; private set; }

    /// <summary>When the last of its actions was decided, Unix ms.</summary>
    public long DecidedMs { get; private set; }

    /// <summary>Writes rows from <paramref name="place"/> on, one at least.</summary>
    /// <returns>The place of the next block's first row.</returns>
    /// <exception cref="InvalidOperationException">Their places in the outbox do not follow each other: a bug that must not be written.</exception>
    public int Write(List<ActionRow> rows, int place)
    {
        Begin(place);
        for (var at = place; ; at++)
        {
            if (at == rows.Count || (at > place && IsFull)) return End(at);
            var row = rows[at];
            Number(row);
            _json.WriteStartArray();
            _json.WriteNumberValue(row.Seq);
            Text(row.Id);
            Text(row.Visitor);
            _json.WriteNumberValue(row.Episode);
            Text(row.Tactic);
            Text(row.Kind);
            Text(row.Variant);
            Text(row.Held);
            Text(row.Reason);
            _json.WriteNumberValue(row.DueMs);
            _json.WriteNumberValue(row.NotBeforeMs);
            _json.WriteNumberValue(row.ExpiresMs);
            _json.WriteNumberValue(row.DecidedMs);
            if (row.Data.IsEmpty) _json.WriteNullValue();
            else _json.WriteRawValue(row.Data.Span, skipInputValidation: true);
            _json.WriteEndArray();
        }
    }

    /// <inheritdoc cref="Write(List{ActionRow}, int)"/>
    public int Write(List<CartRow> rows, int place)
    {
        Begin(place);
        for (var at = place; ; at++)
        {
            if (at == rows.Count || (at > place && IsFull)) return End(at);
            var row = rows[at];
            _json.WriteStartArray();
            _json.WriteNumberValue(row.StartedMs);
            Text(row.Visitor);
            _json.WriteNumberValue(row.Episode);
            Text(row.Phase);
            _json.WriteNumberValue(row.ValueMinor);
            Text(row.Currency);
            _json.WriteNumberValue(row.LineCount);
            _json.WriteNumberValue(row.AbandonedMs);
            _json.WriteNumberValue(row.UpdatedMs);
            _json.WriteEndArray();
        }
    }

    public void Dispose() => _json.Dispose();

    private bool IsFull => _json.BytesCommitted + _json.BytesPending >= BytesMax;

    private void Begin(int place)
    {
        (Place, FirstSeq, LastSeq, DecidedMs) = (place, 0, 0, 0);
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartArray();
    }

    private int End(int place)
    {
        _json.WriteEndArray();
        _json.Flush();
        return place;
    }

    private void Number(in ActionRow row)
    {
        DecidedMs = Math.Max(DecidedMs, row.DecidedMs);
        if (row.Seq == 0) return;
        if (FirstSeq == 0) FirstSeq = row.Seq;
        else if (row.Seq != LastSeq + 1) throw new InvalidOperationException($"Action {row.Seq} of the outbox follows action {LastSeq}.");
        LastSeq = row.Seq;
    }

    private void Text(string? text) => _json.WriteStringValue(StoredText.Write(text));

    private void Text(Utf8Text text)
    {
        if (StoredText.MayChange(text.Bytes.Span)) Text(text.ToString());
        else _json.WriteStringValue(text.Bytes.Span);
    }
}
