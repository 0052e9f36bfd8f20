namespace StreamEngine.Carts.Clicks;

/// <summary>
/// Decimal text to a scaled integer, digit by digit: 19.99 must be 199,900 ten-thousandths, and through a double it may not be.
/// </summary>
internal static class ExactDecimal
{
    // No record is long enough for its digits to bring an exponent beyond this back into range.
    private const int ExponentMax = 100_000_000;

    /// <summary>Reads a number that is not negative, e.g. "19.99", "1e3", " 5 ".</summary>
    /// <param name="decimals">The result counts units of 10^-decimals; what lies below is rounded half away from zero.</param>
    /// <param name="max">Largest result allowed, at most 10^17.</param>
    /// <param name="isExact">False where digits were rounded away.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, int decimals, long max, out long value, out bool isExact)
    {
        value = 0;
        isExact = true;
        text = text.Trim((byte)' ');
        var isNegative = !text.IsEmpty && text[0] == (byte)'-';
        if (isNegative || (!text.IsEmpty && text[0] == (byte)'+'))
        {
            text = text[1..];
        }
        if (!TrySplit(text, out var whole, out var fraction, out var exponent))
        {
            return false;
        }

        // How many of the digits, taken from the left, make up the result. Zeros in front do not count but fill places.
        var keep = whole.Length + exponent + decimals;
        var isZero = true;
        for (var i = 0; i < whole.Length + fraction.Length; i++)
        {
            var digit = (i < whole.Length ? whole[i] : fraction[i - whole.Length]) - '0';
            isZero &= digit == 0;
            if (i < keep)
            {
                value = value * 10 + digit;
            }
            else
            {
                isExact &= digit == 0;
                value += i == keep && digit >= 5 ? 1 : 0;
            }
            if (value > max)
            {
                return false;
            }
        }
        for (var i = whole.Length + fraction.Length; i < keep && value != 0; i++)
        {
            value *= 10;
            if (value > max)
            {
                return false;
            }
        }
        return isZero || !isNegative;
    }

    private static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> whole, out ReadOnlySpan<byte> fraction, out int exponent)
    {
        exponent = 0;
        whole = TakeDigits(ref text);
        fraction = default;
        if (!text.IsEmpty && text[0] == (byte)'.')
        {
            text = text[1..];
            fraction = TakeDigits(ref text);
        }
        if (whole.IsEmpty && fraction.IsEmpty)
        {
            return false;
        }
        if (text.IsEmpty)
        {
            return true;
        }
        if (text[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }
        text = text[1..];
        var isNegative = !text.IsEmpty && text[0] == (byte)'-';
        if (isNegative || (!text.IsEmpty && text[0] == (byte)'+'))
        {
            text = text[1..];
        }
        var digits = TakeDigits(ref text);
        foreach (var digit in digits)
        {
            exponent = Math.Min(exponent * 10 + (digit - '0'), ExponentMax);
        }
        exponent = isNegative ? -exponent : exponent;
        return !digits.IsEmpty && text.IsEmpty;
    }

    private static ReadOnlySpan<byte> TakeDigits(scoped ref ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = length < 0 ? text : text[..length];
        text = text[digits.Length..];
        return digits;
    }
}
