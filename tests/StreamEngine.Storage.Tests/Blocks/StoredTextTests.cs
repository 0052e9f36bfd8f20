using StreamEngine.Storage.Blocks;

namespace StreamEngine.Storage.Tests.Blocks;

public sealed class StoredTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("münchen 🛒")]
    [InlineData("\0")]
    [InlineData("a\0\0b\u241B0\u241B\u241B\0")]
    [InlineData("\u241B")]
    public void Every_text_comes_back_as_it_was_and_none_is_written_with_a_NUL(string text)
    {
        var stored = StoredText.Write(text);
        Assert.DoesNotContain('\0', stored);
        Assert.Equal(text, StoredText.Read(stored));
    }

    [Fact]
    public void Two_texts_are_never_written_alike()
    {
        char[] alphabet = ['a', '0', '\0', '\u241B'];
        var texts = from a in alphabet from b in alphabet from c in alphabet select string.Concat(a, b, c);
        Assert.Equal(64, texts.Select(static text => StoredText.Write(text)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void What_has_nothing_to_escape_is_the_same_text()
    {
        var text = new string('x', 3);
        Assert.Same(text, StoredText.Write(text));
        Assert.Same(text, StoredText.Read(text));
    }
}
