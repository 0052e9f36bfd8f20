using System.Text.Json;

namespace StreamEngine.Carts.Clicks;

/// <summary>
/// Notes where each field of a record lies that some kind of click cares for, and decodes none of them: by the record's shape where that is known, else in
/// one pass over its JSON.
/// Keeps no text, and of a product list at most <paramref name="linesMax"/> lines.
/// </summary>
internal sealed class RecordScan(int linesMax)
{
    private readonly RecordShapes _shapes = new();
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
        if (_shapes.TryRead(ref json, this))
        {
            return true;
        }
        json.Restart();
        Clear();
        _shapes.Begin();
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
        if (isObject && json.FaultAt < 0)
        {
            _shapes.Learn(json.Text);
        }
        return isObject;
    }

    public void Put(Target target, Field field, RawValue value)
    {
        switch (target)
        {
            case Target.Field:
                Set(field, value);
                break;
            // A trait said by the call itself counts more than the copy that the context carries along, whichever comes first.
            case Target.Trait:
            case Target.ContextTrait when this[field].IsAbsent:
                Set(field, value);
                break;
            case Target.Product:
                SetProduct(ref _product, field, value);
                break;
            case Target.Line:
                SetProduct(ref _lines[_lineCount - 1], field, value);
                break;
        }
    }

    /// <summary>"items" is Google's word for "products"; where both stand, "products" counts.</summary>
    /// <returns>False where this list is not the one that counts.</returns>
    public bool TryOpenList(Field field, int position)
    {
        if (field == Field.Items && !this[Field.Products].IsAbsent)
        {
            return false;
        }
        ClearLines();
        HasLines = true;
        Set(field, new RawValue(JsonTokenType.StartArray, IsEscaped: false, position, 0));
        return true;
    }

    public void OpenLine(int position)
    {
        if (_lineCount == _lines.Length)
        {
            Array.Resize(ref _lines, Math.Min(_lines.Length * 2, linesMax));
        }
        ref var line = ref _lines[_lineCount++];
        line = default;
        line.Start = position;
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
                case Field.Properties when json.Peek() == JsonTokenType.StartObject:
                    ReadProperties(ref json);
                    break;
                case Field.Traits when json.Peek() == JsonTokenType.StartObject:
                    ReadTraits(ref json, Target.Trait);
                    break;
                case Field.Context when json.Peek() == JsonTokenType.StartObject:
                    ReadContext(ref json);
                    break;
                default:
                    Take(ref json, Target.Field, field);
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
                case <= Field.LastOfProduct:
                    Take(ref json, Target.Product, field);
                    break;
                case Field.Products or Field.Items when json.Peek() == JsonTokenType.StartArray && TryOpenList(field, json.Position):
                    ReadLines(ref json, field);
                    break;
                default:
                    Take(ref json, Target.Field, field);
                    break;
            }
        }
    }

    private void ReadLines(ref JsonScanner json, Field field)
    {
        _shapes.Note(Target.List, field, json.Position, json.Position);
        json.Open();
        while (json.TryNextElement())
        {
            var isObject = json.Peek() == JsonTokenType.StartObject;
            if (isObject && _lineCount < linesMax)
            {
                _shapes.Note(Target.NewLine, field, json.Position, json.Position);
                OpenLine(json.Position);
                ReadLine(ref json);
                continue;
            }
            // How many lines are too many, and what is none, the names around it do not tell.
            _shapes.Forget();
            if (json.Peek() == JsonTokenType.Null)
            {
                json.Skip();
                continue;
            }
            if (_lineCount == linesMax)
            {
                ExcessLineAt = ExcessLineAt < 0 ? json.Position : ExcessLineAt;
            }
            else
            {
                OpenLine(json.Position);
                _lines[_lineCount - 1].IsNoProduct = true;
            }
            json.Skip();
        }
    }

    private void ReadLine(ref JsonScanner json)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = FieldNames.OfProperty(name);
            Take(ref json, field <= Field.LastOfProduct ? Target.Line : Target.Nothing, field);
        }
    }

    private void ReadTraits(ref JsonScanner json, Target target)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            var field = FieldNames.OfTrait(name);
            if (field == Field.Consent && json.Peek() == JsonTokenType.StartObject)
            {
                ReadConsent(ref json, target);
            }
            else
            {
                Take(ref json, target, field);
            }
        }
    }

    private void ReadConsent(ref JsonScanner json, Target target)
    {
        json.Open();
        while (TryReadName(ref json, out var name))
        {
            Take(ref json, target, FieldNames.OfConsent(name));
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
                    ReadTraits(ref json, Target.ContextTrait);
                    break;
                case Field.ContextPage or Field.ContextDevice or Field.ContextUserAgentData when isObject:
                    ReadContextPart(ref json, field);
                    break;
                case Field.ContextLocale or Field.ContextTimeZone:
                    Take(ref json, Target.Field, field);
                    break;
                default:
                    Take(ref json, Target.Nothing, field);
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
            Take(ref json, Target.Field, field);
        }
    }

    /// <summary>Takes the value that stands here. What nobody cares for is walked through, so that its shape is known as well.</summary>
    private void Take(ref JsonScanner json, Target target, Field field)
    {
        target = field == Field.Unknown ? Target.Nothing : target;
        switch (json.Peek())
        {
            case JsonTokenType.StartObject when target == Target.Nothing:
                json.Open();
                while (json.TryNextName(out _, out _))
                {
                    Take(ref json, target, field);
                }
                break;
            case JsonTokenType.StartArray when target == Target.Nothing:
                json.Open();
                while (json.TryNextElement())
                {
                    Take(ref json, target, field);
                }
                break;
            default:
                var from = json.Position;
                Put(target, field, json.Take());
                _shapes.Note(target, field, from, json.Position);
                break;
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

    public void Set(Field field, RawValue value)
    {
        if (!value.IsAbsent)
        {
            _values[(int)field] = value;
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
