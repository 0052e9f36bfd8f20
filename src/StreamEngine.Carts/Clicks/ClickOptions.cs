namespace StreamEngine.Carts.Clicks;

/// <summary>What the parser accepts. Bytes are UTF-8.</summary>
public sealed record ClickOptions
{
    public int RecordBytesMax { get; init; } = 256 * 1024;
    public int DepthMax { get; init; } = 32;
    public int CartLinesMax { get; init; } = 200;
    public int TextBytesMax { get; init; } = 4 * 1024;
    public int VisitorBytesMax { get; init; } = 256;

    /// <summary>Further event names, e.g. "Quote Requested" -> CheckoutStarted. Case, spaces, "_", "-" and "." do not count.</summary>
    public IReadOnlyDictionary<string, ClickKind> EventAliases { get; init; } = new Dictionary<string, ClickKind>(StringComparer.Ordinal);

    /// <summary>First match wins; looked up in name, then path, then category of a <c>page</c> call.</summary>
    public IReadOnlyList<PagePattern> PagePatterns { get; init; } = PagePattern.Defaults;
}

/// <summary>
/// Text that tells a page's type: matched as whole words (or their plural) without regard to case; a leading "/" anchors at the start of
/// the path, and "/" alone is the root.
/// </summary>
public sealed record PagePattern(string Text, PageType Type)
{
    public static IReadOnlyList<PagePattern> Defaults { get; } =
    [
        new("checkout", PageType.Checkout), new("payment", PageType.Checkout), new("shipping", PageType.Checkout),
        new("cart", PageType.Cart), new("basket", PageType.Cart), new("bag", PageType.Cart),
        new("product", PageType.Product), new("/p/", PageType.Product), new("item", PageType.Product),
        new("category", PageType.Listing), new("collection", PageType.Listing), new("search", PageType.Listing), new("listing", PageType.Listing),
        new("home", PageType.Home), new("homepage", PageType.Home), new("index", PageType.Home),
        new("landing", PageType.Home), new("/", PageType.Home),
    ];
}
