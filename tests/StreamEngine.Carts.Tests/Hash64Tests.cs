using System.Globalization;
using System.Text;
using Xunit;

namespace StreamEngine.Carts.Tests;

public sealed class Hash64Tests
{
    // From the reference implementation (libxxhash 0.8.1). Stored state depends on these values.
    [Theory]
    [InlineData("", "EF46DB3751D8E999")]
    [InlineData("a", "D24EC4F1A98C6E5B")]
    [InlineData("abc", "44BC2CF5AD770999")]
    [InlineData("abcdefgh", "3AD351775B4634B7")]
    [InlineData("abcdefghijkl", "4B09B7D3A233D4B3")]
    [InlineData("The quick brown fox jumps over the lazy dog", "0B242D361FDA71BC")]
    public void Text_hashes_as_the_reference_does(string text, string expected) =>
        Assert.Equal(expected, Hash64.Of(Encoding.UTF8.GetBytes(text)).ToString("X16", CultureInfo.InvariantCulture));

    // Around the 32-byte stripe, and several of them.
    [Theory]
    [InlineData(31, 0, "C346D2B59B4D8EE1")]
    [InlineData(32, 0, "CBF59C5116FF32B4")]
    [InlineData(100, 0, "6AC1E58032166597")]
    [InlineData(256, 0, "1FACBE8406CD904B")]
    [InlineData(100, 2654435761, "8832442A88284F11")]
    public void Counting_bytes_hash_as_the_reference_does(int length, ulong seed, string expected)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)i;
        }
        Assert.Equal(expected, Hash64.Of(bytes, seed).ToString("X16", CultureInfo.InvariantCulture));
    }
}
