using System.Text;
using Xunit;

namespace StreamEngine.Carts.Tests;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("EUR", 2)]
    [InlineData("usd", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    public void A_code_is_read_in_any_letter_case_and_knows_its_decimals(string text, int decimals)
    {
        Assert.True(Currency.TryParse(Encoding.UTF8.GetBytes(text), out var currency));
        Assert.Equal(text.ToUpperInvariant(), currency.ToString());
        Assert.Equal(decimals, currency.Decimals);
        Assert.Equal(currency, Currency.Parse(text));
        Assert.Equal(currency, Currency.FromPacked(currency.Packed));
    }

    [Fact]
    public void Only_three_letters_are_a_code()
    {
        Span<byte> text = stackalloc byte[3];
        for (var b = 0; b < 256; b++)
        {
            text.Fill((byte)'A');
            text[1] = (byte)b;
            Assert.Equal(char.IsAsciiLetter((char)b), Currency.TryParse(text, out _));
        }
        Assert.False(Currency.TryParse("EU"u8, out _));
        Assert.False(Currency.TryParse("EURO"u8, out _));
        Assert.False(Currency.TryParse(default, out _));
        Assert.Throws<FormatException>(() => Currency.Parse("€"));
    }

    [Fact]
    public void None_is_the_default_and_writes_nothing()
    {
        Assert.True(default(Currency).IsNone);
        Assert.Equal("", default(Currency).ToString());
    }
}
