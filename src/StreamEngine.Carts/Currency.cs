namespace StreamEngine.Carts;

/// <summary>An ISO 4217 code, packed in three bytes; <c>default</c> means none. Knows how many decimals its minor unit has.</summary>
public readonly record struct Currency
{
    // Searched by number: a string a price would be garbage on the click path.
    private static readonly uint[] NoDecimals =
        Codes("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF");

    private static readonly uint[] ThreeDecimals = Codes("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND");

    private readonly uint _code;

    private Currency(uint code) => _code = code;

    public bool IsNone => _code == 0;

    /// <summary>The packed code, for the state codec: 0 or three upper-case letters, 8 bits each.</summary>
    public uint Packed => _code;

    public static Currency FromPacked(uint code) => new(code);

    /// <summary>Digits after the decimal point of one unit, as ISO 4217 lists them.</summary>
    public int Decimals => NoDecimals.AsSpan().Contains(_code) ? 0 : ThreeDecimals.AsSpan().Contains(_code) ? 3 : 2;

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

    private static uint[] Codes(params ReadOnlySpan<string> codes)
    {
        var packed = new uint[codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            packed[i] = Parse(codes[i])._code;
        }
        return packed;
    }

    public override string ToString() =>
        IsNone ? "" : string.Create(3, _code, static (chars, code) => (chars[0], chars[1], chars[2]) = ((char)(code >> 16), (char)((code >> 8) & 0xFF), (char)(code & 0xFF)));
}
