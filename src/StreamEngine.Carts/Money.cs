using System.Globalization;

namespace StreamEngine.Carts;

/// <summary>Money is integer minor units of a <see cref="Currency"/>.</summary>
public static class Money
{
    /// <summary>A cart above this is a mistake, not a cart.</summary>
    public const long MinorMax = 1_000_000_000_000;

    /// <summary>1/10,000 of a unit to minor units, half away from zero. Negative (absent) stays -1.</summary>
    public static long MinorFromE4(long amountE4, Currency currency)
    {
        if (amountE4 < 0)
        {
            return -1;
        }
        var divisor = currency.Decimals switch { 0 => 10_000, 3 => 10, _ => 100 };
        return (amountE4 + divisor / 2) / divisor;
    }

    public static string Format(long minor, Currency currency)
    {
        var invariant = CultureInfo.InvariantCulture;
        return currency.Decimals switch
        {
            0 => string.Create(invariant, $"{minor} {currency}"),
            3 => string.Create(invariant, $"{minor / 1000m:F3} {currency}"),
            _ => string.Create(invariant, $"{minor / 100m:F2} {currency}"),
        };
    }

    public static long MinorFromUnits(decimal units, Currency currency)
    {
        var factor = currency.Decimals switch { 0 => 1m, 3 => 1000m, _ => 100m };
        return (long)decimal.Round(units * factor, MidpointRounding.AwayFromZero);
    }
}
