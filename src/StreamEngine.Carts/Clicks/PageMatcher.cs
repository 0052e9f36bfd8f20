using System.Text;

namespace StreamEngine.Carts.Clicks;

/// <summary>
/// Tells a page's type by the words in its name, path or category. Only whole words count, so "bag" is not in "baggage"; a plural
/// is the same word ("products"), and a capital inside a name begins one ("CartPage"). Of several patterns in one text the first listed wins.
/// </summary>
internal sealed class PageMatcher
{
    private readonly (byte[] Text, bool IsAnchored, PageType Type)[] _patterns;
    private readonly bool[] _begins = new bool[256];

    public PageMatcher(IReadOnlyList<PagePattern> patterns)
    {
        _patterns = new (byte[], bool, PageType)[patterns.Count];
        for (var i = 0; i < patterns.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(patterns[i].Text))
            {
                throw new ArgumentException(
                    $"Page pattern {i + 1} (for {patterns[i].Type}) is empty and would match every page: give it a word.", nameof(patterns));
            }
            var text = Encoding.UTF8.GetBytes(patterns[i].Text);
            _patterns[i] = (text, text[0] == (byte)'/', patterns[i].Type);
            _begins[Lower(text[0])] = true;
        }
    }

    /// <returns>None where no pattern matches.</returns>
    public PageType OfText(ReadOnlySpan<byte> text)
    {
        var first = _patterns.Length;
        for (var at = 0; at < text.Length && first > 0; at++)
        {
            if (!_begins[Lower(text[at])] || !IsBoundary(text, at))
            {
                continue;
            }
            for (var i = 0; i < first; i++)
            {
                if (Matches(_patterns[i].Text, _patterns[i].IsAnchored, text, at))
                {
                    first = i;
                }
            }
        }
        return first < _patterns.Length ? _patterns[first].Type : PageType.None;
    }

    /// <summary>The same for the path of an address: without scheme, host, query and fragment.</summary>
    public PageType OfAddress(ReadOnlySpan<byte> address)
    {
        var scheme = address.IndexOf("://"u8);
        if (scheme >= 0 && address[..scheme].IndexOfAny("/?#"u8) < 0)
        {
            address = address[(scheme + 3)..];
            var slash = address.IndexOfAny("/?#"u8);
            address = slash < 0 ? default : address[slash..];
        }
        var end = address.IndexOfAny((byte)'?', (byte)'#');
        return OfText(end < 0 ? address : address[..end]);
    }

    private static bool Matches(byte[] pattern, bool isAnchored, ReadOnlySpan<byte> text, int at)
    {
        if (Lower(pattern[0]) != Lower(text[at]) || (isAnchored && at > 0))
        {
            return false;
        }
        // "/" alone is the root of the shop, not every path.
        if (isAnchored && pattern.Length == 1)
        {
            return text.Length == 1;
        }
        if (text.Length - at < pattern.Length)
        {
            return false;
        }
        // Beyond ASCII the letter case does count: EqualsIgnoreCase knows nothing of such bytes.
        var found = text.Slice(at, pattern.Length);
        if (!Ascii.EqualsIgnoreCase(found, pattern) && !found.SequenceEqual(pattern))
        {
            return false;
        }
        var end = at + pattern.Length;
        return IsBoundary(text, end) || (Lower(text[end]) == (byte)'s' && IsBoundary(text, end + 1));
    }

    private static bool IsBoundary(ReadOnlySpan<byte> text, int at)
    {
        if (at == 0 || at == text.Length || !IsWordByte(text[at - 1]) || !IsWordByte(text[at]))
        {
            return true;
        }
        return text[at] is >= (byte)'A' and <= (byte)'Z' && text[at - 1] is >= (byte)'a' and <= (byte)'z';
    }

    // Bytes above ASCII are parts of letters: "cart" is not a word of "cartão".
    private static bool IsWordByte(byte b) => b >= 0x80 || char.IsAsciiLetterOrDigit((char)b);

    private static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
}
