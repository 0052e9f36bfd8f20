namespace StreamEngine.Oracle;

/// <summary>Tells a page's type by whole words of its name or of the path of its address, also in the plural; the first listed wins.</summary>
internal static class PageWords
{
    private static readonly (string Word, string Page)[] Words =
    [
        ("checkout", "Checkout"), ("payment", "Checkout"), ("shipping", "Checkout"), ("cart", "Cart"), ("basket", "Cart"), ("bag", "Cart"),
        ("product", "Product"), ("/p/", "Product"), ("item", "Product"), ("category", "Listing"), ("collection", "Listing"), ("search", "Listing"),
        ("listing", "Listing"), ("home", "Home"), ("homepage", "Home"), ("index", "Home"), ("landing", "Home"), ("/", "Home"),
    ];

    public static string? OfText(string text)
    {
        var words = Split(text);
        foreach (var (word, page) in Words)
        {
            var isThere = word switch
            {
                "/" => string.Equals(text, "/", StringComparison.Ordinal),
                ['/', ..] => text.StartsWith(word, StringComparison.OrdinalIgnoreCase),
                _ => words.Contains(word) || words.Contains(word + "s"),
            };
            if (isThere)
            {
                return page;
            }
        }
        return null;
    }

    public static string? OfAddress(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0 && address[..scheme].IndexOfAny(['/', '?', '#']) < 0)
        {
            var rest = address[(scheme + 3)..];
            var path = rest.IndexOfAny(['/', '?', '#']);
            address = path < 0 ? "" : rest[path..];
        }
        return OfText(address.Split('?', '#')[0]);
    }

    private static HashSet<string> Split(string text)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var word = "";
        foreach (var c in text + " ")
        {
            var isLetter = c > 127 || char.IsAsciiLetterOrDigit(c);
            if (!isLetter || (char.IsAsciiLetterUpper(c) && word.Length > 0 && char.IsAsciiLetterLower(word[^1])))
            {
                words.Add(word);
                word = "";
            }
            word += isLetter ? c : "";
        }
        return words;
    }
}
