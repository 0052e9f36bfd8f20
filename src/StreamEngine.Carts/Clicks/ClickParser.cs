using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace StreamEngine.Carts.Clicks;

/// <summary>
/// Turns records into clicks, one at a time, for one thread. Allocates nothing once its buffers have grown, and never throws.
/// The record key is the visitor, always: Kafka keeps the order of a key, not of an anonymousId inside the JSON.
/// What the SDK adds by itself (<c>context</c>, the times) is taken as far as it can be read; what the event says must be right.
/// Where JSON repeats a name, the last value counts.
/// <para>Buffers are bounded by <see cref="ClickOptions"/>: text by twice RecordBytesMax + VisitorBytesMax (it doubles as it grows),
/// where strings may end by a quarter of RecordBytesMax, lines by CartLinesMax. At the defaults that is 0.7 MB at worst, a few KB as a rule. Shapes of records
/// and names of events take another 140 KB, always.</para>
/// </summary>
public sealed class ClickParser
{
    private readonly ClickOptions _options;
    private readonly EventNames _events;
    private readonly RecordScan _scan;
    private readonly ClickFiller _filler;
    private readonly StringEnds _ends = new();

    /// <exception cref="ArgumentException">An alias or a page pattern that could never match, or a limit below what any click needs.</exception>
    public ClickParser(ClickOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RecordBytesMax, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DepthMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.CartLinesMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TextBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.VisitorBytesMax, 1);
        _options = options;
        _events = new EventNames(options.EventAliases);
        _scan = new RecordScan(options.CartLinesMax);
        _filler = new ClickFiller(_scan, Click, new PageMatcher(options.PagePatterns));
    }

    /// <summary>The click of the last call that returned <see cref="ParseOutcome.Click"/>; nothing to rely on after other outcomes.</summary>
    public Click Click { get; } = new();

    /// <summary>What was wrong with the last record, where the outcome was <see cref="ParseOutcome.Malformed"/>.</summary>
    public ClickFault Fault { get; private set; }

    /// <param name="key">Record key: the visitor.</param>
    /// <param name="value">Record value: one JSON object in the Segment envelope.</param>
    /// <param name="recordTimeMs">Unix ms of the record in its partition; 0 or less where there is none, and the click's own time stands in.</param>
    public ParseOutcome Parse(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long recordTimeMs)
    {
        Click.Clear();
        Fault = CheckLimits(key, value);
        if (Fault.Reason != FaultReason.None || !TryScan(value))
        {
            return ParseOutcome.Malformed;
        }
        var fields = new FieldReader(value, Click, _options.TextBytesMax);
        if (!TryKind(ref fields, out var kind))
        {
            Fault = fields.Fault;
            return ParseOutcome.Malformed;
        }
        if (kind == ClickKind.None)
        {
            return ParseOutcome.Ignored;
        }
        Click.Kind = kind;
        Click.Visitor = Click.AddText(key);
        if (!_filler.TryFill(ref fields, recordTimeMs, out var isIgnored))
        {
            Fault = fields.Fault;
            return ParseOutcome.Malformed;
        }
        return isIgnored ? ParseOutcome.Ignored : ParseOutcome.Click;
    }

    private ClickFault CheckLimits(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (value.Length > _options.RecordBytesMax)
        {
            return new ClickFault(FaultReason.TooLarge, Field: null, _options.RecordBytesMax);
        }
        if (key.IsEmpty)
        {
            return new ClickFault(FaultReason.MissingVisitor, "key", 0);
        }
        if (key.Length > _options.VisitorBytesMax)
        {
            return new ClickFault(FaultReason.VisitorTooLong, "key", 0);
        }
        if (!Utf8.IsValid(key))
        {
            return new ClickFault(FaultReason.InvalidUtf8, "key", 0);
        }
        return _ends.Read(value) || Utf8.IsValid(value) ? default : new ClickFault(FaultReason.InvalidUtf8, Field: null, FirstInvalid(value));
    }

    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (at < text.Length && Rune.DecodeFromUtf8(text[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }
        return at;
    }

    private bool TryScan(ReadOnlySpan<byte> value)
    {
        var json = new JsonScanner(value, _ends.Words, _options.DepthMax);
        var isObject = _scan.Read(ref json);
        if (json.FaultAt >= 0)
        {
            Fault = new ClickFault(json.IsTooDeep ? FaultReason.TooDeep : FaultReason.BrokenJson, Field: null, json.FaultAt);
            return false;
        }
        Fault = isObject ? default : new ClickFault(FaultReason.NotAnObject, Field: null, 0);
        return isObject;
    }

    /// <param name="kind">None for what the engine does not listen to.</param>
    private bool TryKind(ref FieldReader fields, out ClickKind kind)
    {
        kind = ClickKind.None;
        if (!TryName(ref fields, _scan[Field.Type], "type", out var type))
        {
            return false;
        }
        if (Ascii.EqualsIgnoreCase(type, "track"u8))
        {
            if (!TryName(ref fields, _scan[Field.Event], "event", out var name))
            {
                return false;
            }
            kind = _events.KindOf(name);
        }
        else if (Ascii.EqualsIgnoreCase(type, "page"u8) || Ascii.EqualsIgnoreCase(type, "screen"u8))
        {
            kind = ClickKind.Page;
        }
        else if (Ascii.EqualsIgnoreCase(type, "identify"u8))
        {
            kind = ClickKind.Identify;
        }
        return true;
    }

    private static bool TryName(ref FieldReader fields, RawValue raw, string field, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (raw.Type == JsonTokenType.Number)
        {
            return fields.Overlooks(FaultReason.WrongType, field, raw.Start);
        }
        if (!fields.TryPlain(raw, field, out name))
        {
            return false;
        }
        return !name.Trim((byte)' ').IsEmpty || fields.Missing(field);
    }
}
