using System.Text.Json;

namespace StreamEngine.Carts.Clicks;

/// <summary>
/// One pass over a record's JSON: notes where each field lies that some kind of click cares for, and decodes none of them.
/// Keeps no text, and of a product list at most <paramref name="linesMax"/> lines.
/// </summary>
internal sealed class RecordScan(int linesMax)
{
    private readonly RawValue[] _values = new RawValue[(int)Field.Count];
    private RawLine[] _lines = new RawLine[16];
    private int _lineCount;

    // A name with escapes is rare but legal; the longest known name has 17 bytes.
    private readonly byte[] _name = new byte[32];

    // The product that the properties themselves describe.
    private RawLine _product;

    public RawValue this[Field field] => _values[(int)field];

    public ref readonly RawLine Product => ref _product;

    public ReadOnlySpan<RawLine> Lines => _lines.AsSpan(0, _lineCount);

    /// <summary>A list of products was there, be it empty.</summary>
    public bool HasLines { get; private set; }

    /// <summary>Where the first line too many begins; -1 if there is none.</summary>
    public int ExcessLineAt { get; private set; }

    /// <summary>Reads to the end, or to <see cref="JsonScanner.FaultAt"/>.</summary>
    /// <returns>False when the record is no object.</returns>
    public bool Read(ref JsonScanner json)
    {
        Clear();
        json.Begin();
        var isObject = json.Peek() == JsonTokenType.StartObject;
        if (isObject)
        {
            ReadRoot(ref json);
        }
        else
        {
            json.Skip();
        }
        json.End();
        return isObject;
    }

    /// <summary>The first of these fields that is there.</summary>
    public RawValue First(params ReadOnlySpan<Field> fields)
    {
        foreach (var field in fields)
        {
            if (!this[field].IsAbsent)
            {
                return this[field];
            }
        }
        return default;
    }

    private void Clear()
    {
        Array.Clear(_values);
        _product = default;
        ClearLines();
    }

    private void ClearLines()
    {
        _lineCount = 0;
        HasLines = false;
        ExcessLineAt = -1;
    }

    private void ReadRoot(ref JsonScanner json)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = FieldNames.OfRoot(name);
            switch (field)
            {
                case Field.Unknown:
                    json.Skip();
                    break;
                case Field.Properties when json.Peek() == JsonTokenType.StartObject:
                    ReadProperties(ref json);
                    break;
                case Field.Traits when json.Peek() == JsonTokenType.StartObject:
                    ReadTraits(ref json, isContext: false);
                    break;
                case Field.Context when json.Peek() == JsonTokenType.StartObject:
                    ReadContext(ref json);
                    break;
                default:
                    Set(field, json.Take());
                    break;
            }
        }
    }

    private void ReadProperties(ref JsonScanner json)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = FieldNames.OfProperty(name);
            switch (field)
            {
                case Field.Unknown:
                    json.Skip();
                    break;
                case <= Field.LastOfProduct:
                    SetProduct(ref _product, field, json.Take());
                    break;
                // "items" is Google's word for the same list; where both stand, "products" counts.
                case Field.Products when json.Peek() == JsonTokenType.StartArray:
                case Field.Items when json.Peek() == JsonTokenType.StartArray && this[Field.Products].IsAbsent:
                    ReadLines(ref json, field);
                    break;
                default:
                    Set(field, json.Take());
                    break;
            }
        }
    }

    private void ReadLines(ref JsonScanner json, Field field)
    {
        ClearLines();
        HasLines = true;
        Set(field, new RawValue(JsonTokenType.StartArray, IsEscaped: false, json.Position, 0));
        json.Open();
        while (json.TryNextElement())
        {
            if (json.Peek() == JsonTokenType.Null)
            {
                json.Skip();
                continue;
            }
            if (_lineCount == linesMax)
            {
                ExcessLineAt = ExcessLineAt < 0 ? json.Position : ExcessLineAt;
                json.Skip();
                continue;
            }
            if (_lineCount == _lines.Length)
            {
                Array.Resize(ref _lines, Math.Min(_lines.Length * 2, linesMax));
            }
            ref var line = ref _lines[_lineCount++];
            line = default;
            line.Start = json.Position;
            line.IsNoProduct = json.Peek() != JsonTokenType.StartObject;
            if (line.IsNoProduct)
            {
                json.Skip();
            }
            else
            {
                ReadLine(ref json, ref line);
            }
        }
    }

    private void ReadLine(ref JsonScanner json, ref RawLine line)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = FieldNames.OfProperty(name);
            if (field <= Field.LastOfProduct)
            {
                SetProduct(ref line, field, json.Take());
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadTraits(ref JsonScanner json, bool isContext)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = FieldNames.OfTrait(name);
            if (field == Field.Unknown)
            {
                json.Skip();
            }
            else if (field == Field.Consent && json.Peek() == JsonTokenType.StartObject)
            {
                ReadConsent(ref json, isContext);
            }
            else
            {
                SetTrait(field, json.Take(), isContext);
            }
        }
    }

    private void ReadConsent(ref JsonScanner json, bool isContext)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = FieldNames.OfConsent(name);
            var value = json.Take();
            if (field != Field.Unknown)
            {
                SetTrait(field, value, isContext);
            }
        }
    }

    private void ReadContext(ref JsonScanner json)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = FieldNames.OfContext(name);
            var isObject = json.Peek() == JsonTokenType.StartObject;
            switch (field)
            {
                case Field.Traits when isObject:
                    ReadTraits(ref json, isContext: true);
                    break;
                case Field.ContextPage or Field.ContextDevice or Field.ContextUserAgentData when isObject:
                    ReadContextPart(ref json, field);
                    break;
                case Field.ContextLocale or Field.ContextTimeZone:
                    Set(field, json.Take());
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
    }

    private void ReadContextPart(ref JsonScanner json, Field part)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = part switch
            {
                Field.ContextPage => FieldNames.OfContextPage(name),
                Field.ContextDevice => FieldNames.OfContextDevice(name),
                _ => FieldNames.OfContextUserAgentData(name),
            };
            var value = json.Take();
            if (field != Field.Unknown)
            {
                Set(field, value);
            }
        }
    }

    /// <summary>To the value of the next member; false at the object's end.</summary>
    private bool TryReadName(ref JsonScanner json, out ReadOnlySpan<byte> name)
    {
        if (!json.TryNextName(out name, out var isEscaped))
        {
            return false;
        }
        if (isEscaped)
        {
            name = JsonText.TryUnescape(name, _name, out var length) ? _name.AsSpan(0, length) : default;
        }
        return true;
    }

    private void Set(Field field, RawValue value)
    {
        if (!value.IsAbsent)
        {
            _values[(int)field] = value;
        }
    }

    // A trait said by the call itself counts more than the copy that the context carries along, whichever comes first.
    private void SetTrait(Field field, RawValue value, bool isContext)
    {
        if (!isContext || this[field].IsAbsent)
        {
            Set(field, value);
        }
    }

    private static void SetProduct(ref RawLine product, Field field, RawValue value)
    {
        if (!value.IsAbsent)
        {
            product.Set(field, value);
        }
    }
}
