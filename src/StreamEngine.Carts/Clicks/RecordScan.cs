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

    /// <returns>False when the record is valid JSON but no object.</returns>
    /// <exception cref="JsonException">The record is no valid JSON, to its very end.</exception>
    public bool Read(ref Utf8JsonReader reader)
    {
        Clear();
        reader.Read();
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        if (isObject)
        {
            ReadRoot(ref reader);
        }
        else
        {
            reader.Skip();
        }
        // One read more, which fails on anything but white space behind the value.
        reader.Read();
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

    private void ReadRoot(ref Utf8JsonReader reader)
    {
        while (TryReadName(ref reader, out var name))
        {
            var field = FieldNames.OfRoot(name);
            reader.Read();
            switch (field)
            {
                case Field.Unknown:
                    reader.Skip();
                    break;
                case Field.Properties when reader.TokenType == JsonTokenType.StartObject:
                    ReadProperties(ref reader);
                    break;
                case Field.Traits when reader.TokenType == JsonTokenType.StartObject:
                    ReadTraits(ref reader, isContext: false);
                    break;
                case Field.Context when reader.TokenType == JsonTokenType.StartObject:
                    ReadContext(ref reader);
                    break;
                default:
                    Set(field, RawValue.Take(ref reader));
                    break;
            }
        }
    }

    private void ReadProperties(ref Utf8JsonReader reader)
    {
        while (TryReadName(ref reader, out var name))
        {
            var field = FieldNames.OfProperty(name);
            reader.Read();
            switch (field)
            {
                case Field.Unknown:
                    reader.Skip();
                    break;
                case <= Field.LastOfProduct:
                    SetProduct(ref _product, field, RawValue.Take(ref reader));
                    break;
                // "items" is Google's word for the same list; where both stand, "products" counts.
                case Field.Products when reader.TokenType == JsonTokenType.StartArray:
                case Field.Items when reader.TokenType == JsonTokenType.StartArray && this[Field.Products].IsAbsent:
                    ReadLines(ref reader, field);
                    break;
                default:
                    Set(field, RawValue.Take(ref reader));
                    break;
            }
        }
    }

    private void ReadLines(ref Utf8JsonReader reader, Field field)
    {
        ClearLines();
        HasLines = true;
        Set(field, new RawValue(JsonTokenType.StartArray, IsEscaped: false, (int)reader.TokenStartIndex, 0));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }
            if (_lineCount == linesMax)
            {
                ExcessLineAt = ExcessLineAt < 0 ? (int)reader.TokenStartIndex : ExcessLineAt;
                reader.Skip();
                continue;
            }
            if (_lineCount == _lines.Length)
            {
                Array.Resize(ref _lines, Math.Min(_lines.Length * 2, linesMax));
            }
            ref var line = ref _lines[_lineCount++];
            line = default;
            line.Start = (int)reader.TokenStartIndex;
            line.IsNoProduct = reader.TokenType != JsonTokenType.StartObject;
            if (line.IsNoProduct)
            {
                reader.Skip();
            }
            else
            {
                ReadLine(ref reader, ref line);
            }
        }
    }

    private void ReadLine(ref Utf8JsonReader reader, ref RawLine line)
    {
        while (TryReadName(ref reader, out var name))
        {
            var field = FieldNames.OfProperty(name);
            reader.Read();
            if (field <= Field.LastOfProduct)
            {
                SetProduct(ref line, field, RawValue.Take(ref reader));
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadTraits(ref Utf8JsonReader reader, bool isContext)
    {
        while (TryReadName(ref reader, out var name))
        {
            var field = FieldNames.OfTrait(name);
            reader.Read();
            if (field == Field.Unknown)
            {
                reader.Skip();
            }
            else if (field == Field.Consent && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadConsent(ref reader, isContext);
            }
            else
            {
                SetTrait(field, RawValue.Take(ref reader), isContext);
            }
        }
    }

    private void ReadConsent(ref Utf8JsonReader reader, bool isContext)
    {
        while (TryReadName(ref reader, out var name))
        {
            var field = FieldNames.OfConsent(name);
            reader.Read();
            var value = RawValue.Take(ref reader);
            if (field != Field.Unknown)
            {
                SetTrait(field, value, isContext);
            }
        }
    }

    private void ReadContext(ref Utf8JsonReader reader)
    {
        while (TryReadName(ref reader, out var name))
        {
            var field = FieldNames.OfContext(name);
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            switch (field)
            {
                case Field.Traits when isObject:
                    ReadTraits(ref reader, isContext: true);
                    break;
                case Field.ContextPage or Field.ContextDevice or Field.ContextUserAgentData when isObject:
                    ReadContextPart(ref reader, field);
                    break;
                case Field.ContextLocale or Field.ContextTimeZone:
                    Set(field, RawValue.Take(ref reader));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadContextPart(ref Utf8JsonReader reader, Field part)
    {
        while (TryReadName(ref reader, out var name))
        {
            var field = part switch
            {
                Field.ContextPage => FieldNames.OfContextPage(name),
                Field.ContextDevice => FieldNames.OfContextDevice(name),
                _ => FieldNames.OfContextUserAgentData(name),
            };
            reader.Read();
            var value = RawValue.Take(ref reader);
            if (field != Field.Unknown)
            {
                Set(field, value);
            }
        }
    }

    /// <summary>Moves to the next member of the object that the reader is in; false at the object's end.</summary>
    private bool TryReadName(ref Utf8JsonReader reader, out ReadOnlySpan<byte> name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            name = default;
            return false;
        }
        name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
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
