namespace StreamEngine.Oracle;

/// <summary>How many decimals a currency has, as ISO 4217 lists them.</summary>
internal static class Currencies
{
    private static readonly string[] NoDecimals =
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"];

    private static readonly string[] ThreeDecimals = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    public static long Minor(decimal amount, string currency)
    {
        var units = NoDecimals.Contains(currency) ? 1m : ThreeDecimals.Contains(currency) ? 1000m : 100m;
        return (long)Math.Round(amount * units, MidpointRounding.AwayFromZero);
    }
}
