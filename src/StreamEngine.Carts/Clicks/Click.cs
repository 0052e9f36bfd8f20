namespace StreamEngine.Carts.Clicks;

/// <summary>A piece of text inside the <see cref="Click"/> that carries it. <c>default</c> is absent.</summary>
public readonly record struct TextRange(int Start, int Length)
{
    public bool IsAbsent => Length == 0;
}

/// <summary>One product of a click. Absent numbers are -1: a price that was not said is not a price of 0.</summary>
/// <param name="PriceE4">Unit price in 1/10,000 of a currency unit: the currency may follow later in the record.</param>
public readonly record struct ClickLine(TextRange Product, TextRange Name, int Quantity, long PriceE4);

/// <summary>
/// One input record, parsed. Owned by one <c>ClickParser</c> and overwritten by its next record: whoever keeps something of it copies.
/// All text is unescaped, valid UTF-8 and no longer than the limits allow.
/// </summary>
public sealed class Click
{
    private byte[] _text = new byte[1024];
    private int _textLength;
    private ClickLine[] _lines = new ClickLine[16];
    private int _lineCount;

    public ClickKind Kind { get; set; }

    /// <summary>The record key: who clicked.</summary>
    public TextRange Visitor { get; set; }

    /// <summary>Time of the record in its partition, Unix ms. The shard clamps it before the turn.</summary>
    public long TimeMs { get; set; }

    /// <summary>When the browser says it happened, Unix ms; the record's time where it says nothing readable.</summary>
    public long EventTimeMs { get; set; }

    /// <summary>Hash of messageId; 0 where there is none.</summary>
    public ulong MessageId { get; set; }

    public PageType Page { get; set; }

    public Device Device { get; set; }

    /// <summary>Confidence of an exit-intent signal, 0 to 100; -1 absent.</summary>
    public int ConfidencePercent { get; set; }

    /// <summary>The currency said by the click; none where it says none.</summary>
    public Currency Currency { get; set; }

    /// <summary>Order total, revenue or value, in 1/10,000 of a currency unit; -1 absent.</summary>
    public long ValueE4 { get; set; }

    /// <summary>Hash of order_id, or of checkout_id where an order has no id of its own; 0 absent.</summary>
    public ulong OrderId { get; set; }

    public TextRange CartId { get; set; }

    public TextRange CheckoutId { get; set; }

    public TextRange Coupon { get; set; }

    public TextRange Locale { get; set; }

    public TextRange TimeZone { get; set; }

    /// <summary>Personal data: goes into the contact table and nowhere else.</summary>
    public TextRange Email { get; set; }

    /// <summary>Personal data: goes into the contact table and nowhere else.</summary>
    public TextRange Phone { get; set; }

    public ConsentSet Consents { get; set; }

    /// <summary>Orders this visitor ever made; -1 absent.</summary>
    public int OrderCount { get; set; }

    /// <summary>Unix ms; 0 absent.</summary>
    public long LastOrderAtMs { get; set; }

    /// <summary>The action that an outcome (Message Sent, Delivered, ...) speaks of; default absent.</summary>
    public Actions.ActionId ActionId { get; set; }

    public ReadOnlySpan<ClickLine> Lines => _lines.AsSpan(0, _lineCount);

    /// <summary>True where the click carried a product list, be it empty: a snapshot of the whole cart.</summary>
    public bool HasLines { get; set; }

    public ReadOnlySpan<byte> Text(TextRange range) => _text.AsSpan(range.Start, range.Length);

    public void Clear()
    {
        _textLength = 0;
        _lineCount = 0;
        HasLines = false;
        Kind = ClickKind.None;
        Visitor = CartId = CheckoutId = Coupon = Locale = TimeZone = Email = Phone = default;
        TimeMs = EventTimeMs = LastOrderAtMs = 0;
        MessageId = OrderId = 0;
        Page = PageType.None;
        Device = Device.Unknown;
        ConfidencePercent = OrderCount = -1;
        Currency = default;
        ValueE4 = -1;
        Consents = default;
        ActionId = default;
    }

    public TextRange AddText(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        return Commit(text.Length);
    }

    /// <summary>Room for up to <paramref name="length"/> bytes of text; <see cref="Commit"/> says how many were used.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_text.Length - _textLength < length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + length));
        }
        return _text.AsSpan(_textLength, length);
    }

    public TextRange Commit(int length)
    {
        var range = new TextRange(_textLength, length);
        _textLength += length;
        return range;
    }

    public void AddLine(ClickLine line)
    {
        if (_lineCount == _lines.Length)
        {
            Array.Resize(ref _lines, _lines.Length * 2);
        }
        _lines[_lineCount++] = line;
    }

    public void ClearLines() => _lineCount = 0;
}
