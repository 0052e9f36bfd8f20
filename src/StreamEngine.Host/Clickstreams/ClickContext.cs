using System.Text.Encodings.Web;
using System.Text.Json;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Clickstreams;

/// <summary>What a browser says about itself with every click. Encoded once, written often.</summary>
public sealed class ClickContext
{
    public ClickContext(string library, string libraryVersion, Device device = Device.Unknown, string? userAgent = null, string? locale = null, string? timeZone = null)
    {
        Library = Encode(library);
        LibraryVersion = Encode(libraryVersion);
        DeviceType = device == Device.Unknown ? null : Encode(device.ToString().ToLowerInvariant());
        UserAgent = userAgent is null ? null : Encode(userAgent);
        Locale = locale is null ? null : Encode(locale);
        TimeZone = timeZone is null ? null : Encode(timeZone);
    }

    public JsonEncodedText Library { get; }
    public JsonEncodedText LibraryVersion { get; }
    public JsonEncodedText? DeviceType { get; }
    public JsonEncodedText? UserAgent { get; }
    public JsonEncodedText? Locale { get; }
    public JsonEncodedText? TimeZone { get; }

    private static JsonEncodedText Encode(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}

/// <summary>A page of the shop, as <c>page</c> calls and the context of other calls name it. Encoded once, written often.</summary>
public sealed class PageView
{
    public PageView(string name, string path, string title)
    {
        Name = JsonEncodedText.Encode(name);
        Path = JsonEncodedText.Encode(path);
        Url = JsonEncodedText.Encode("https://shop.example" + path);
        Title = JsonEncodedText.Encode(title);
    }

    public static PageView Home { get; } = new("Home", "/", "Example Shop");
    public static PageView Listing { get; } = new("Category", "/category/all", "All products | Example Shop");
    public static PageView Cart { get; } = new("Cart", "/cart", "Your cart | Example Shop");
    public static PageView Checkout { get; } = new("Checkout", "/checkout", "Checkout | Example Shop");

    public JsonEncodedText Name { get; }
    public JsonEncodedText Path { get; }
    public JsonEncodedText Url { get; }
    public JsonEncodedText Title { get; }

    public static PageView Product(string id) => new("Product", "/product/" + id, "Product | Example Shop");
}
