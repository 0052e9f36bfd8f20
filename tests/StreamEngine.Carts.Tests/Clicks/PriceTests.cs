using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using StreamEngine.Carts.Clicks;
using Xunit;
using static StreamEngine.Carts.Tests.Clicks.Parsing;

namespace StreamEngine.Carts.Tests.Clicks;

public sealed class PriceTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("0e999999999999", 0)]
    [InlineData("19.99", 199_900)]
    [InlineData("0.1", 1_000)]
    [InlineData("1.00005", 10_001)]
    [InlineData("1.00004999999999999999999999999", 10_000)]
    [InlineData("0.00005", 1)]
    [InlineData("0.00004", 0)]
    [InlineData("1.5e2", 1_500_000)]
    [InlineData("1234567890000e-9", 12_345_679)]
    [InlineData("1e-999999999", 0)]
    [InlineData("1e9", 10_000_000_000_000)]
    [InlineData("999999999.9999", 9_999_999_999_999)]
    [InlineData("0.000000000000000000000000001e27", 10_000)]
    public void A_price_is_exact_and_rounds_half_away_from_zero(string price, long expected)
    {
        Assert.Equal(expected, PriceE4(price));
        Assert.Equal(expected, PriceE4($"\" {price} \""));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-0.00001")]
    [InlineData("1000000000.0001")]
    [InlineData("1e10")]
    [InlineData("1e999999999999")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"-Infinity\"")]
    [InlineData("\"$5\"")]
    [InlineData("\"1,50\"")]
    [InlineData("\"1.2.3\"")]
    [InlineData("\"1e\"")]
    [InlineData("\"e5\"")]
    [InlineData("\".\"")]
    [InlineData("\"--1\"")]
    [InlineData("\"\"")]
    public void What_is_no_sane_price_is_refused(string price) =>
        Faulty(FaultReason.BadPrice, "price", TrackJson("Product Added", $$"""{"product_id":"p","price":{{price}}}"""));

    [Theory]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void A_price_that_is_no_number_at_all_has_the_wrong_type(string price) =>
        Faulty(FaultReason.WrongType, "price", TrackJson("Product Added", $$"""{"product_id":"p","price":{{price}}}"""));

    [Fact]
    public void A_price_in_text_comes_back_as_it_was()
    {
        var amounts = from units in Gen.Choose(0, 999_999_999) from rest in Gen.Choose(0, 9_999) select units * 10_000L + rest;
        Prop.ForAll(amounts.ToArbitrary(), e4 =>
            PriceE4($"\"{(e4 / 10_000m).ToString("0.0000", CultureInfo.InvariantCulture)}\"") == e4)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_digits_round_as_exact_arithmetic_does()
    {
        var cases = from high in Gen.Choose(0, int.MaxValue)
                    from low in Gen.Choose(0, int.MaxValue)
                    from exponent in Gen.Choose(-25, -10)
                    select (Mantissa: ((long)high << 31) | (uint)low, Exponent: exponent);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            // Twice the value plus one half, floored: half rounds up.
            var divisor = BigInteger.Pow(10, -c.Exponent - 4);
            var expected = ((BigInteger)c.Mantissa * 2 + divisor) / (divisor * 2);
            return PriceE4(string.Create(CultureInfo.InvariantCulture, $"{c.Mantissa}e{c.Exponent}")) == expected;
        }).QuickCheckThrowOnFailure();
    }

    private static long PriceE4(string price) => Track("Product Added", $$"""{"product_id":"p","price":{{price}}}""").Lines[0].PriceE4;
}
