namespace StreamEngine.Carts;

/// <summary>An ISO 4217 code, packed in three bytes; <c>default</c> means none. Knows how many decimals its minor unit has.</summary>
public readonly record struct Currency
{
    private readonly uint _code;

    private Currency(uint code) => _code = code;

    public bool IsNone => _code == 0;

    /// <summary>The packed code, for the state codec: 0 or three upper-case letters, 8 bits each.</summary>
    public uint Packed => _code;

    public static Currency FromPacked(uint code) => new(code);

    /// <summary>Digits after the decimal point of one unit, as ISO 4217 lists them.</summary>
    public int Decimals => ToString() switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        _ => 2,
    };

    public static bool TryParse(ReadOnlySpan<byte> text, out Currency currency)
    {
        currency = default;
        if (text.Length != 3)
        {
            return false;
        }
        uint code = 0;
        foreach (var b in text)
        {
            var upper = (byte)(b & ~0x20);
            if (upper is < (byte)'A' or > (byte)'Z' || b < (byte)'A')
            {
                return false;
            }
            code = (code << 8) | upper;
        }
        currency = new Currency(code);
        return true;
    }

    public static Currency Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[3];
        return text.Length == 3 && System.Text.Encoding.UTF8.TryGetBytes(text, bytes, out var n) && TryParse(bytes[..n], out var currency)
            ? currency
            : throw new FormatException($"'{text}' is not a currency code: write three letters such as EUR.");
    }

    public override string ToString() =>
        IsNone ? "" : string.Create(3, _code, static (chars, code) => (chars[0], chars[1], chars[2]) = ((char)(code >> 16), (char)((code >> 8) & 0xFF), (char)(code & 0xFF)));
}
