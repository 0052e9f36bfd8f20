namespace StreamEngine.Carts.Clicks;

/// <summary>The kind of page a visitor looks at; <see cref="None"/> when no page is open.</summary>
public enum PageType : byte
{
    None,
    Home,
    Listing,
    Product,
    Cart,
    Checkout,
    Other,
}

public enum Device : byte
{
    Unknown,
    Desktop,
    Mobile,
    Tablet,
}
