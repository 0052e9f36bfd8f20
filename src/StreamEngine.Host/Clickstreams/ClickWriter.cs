using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Clickstreams;

/// <summary>A product as a click tells it. Empty text is left out, and so is a price that is not known.</summary>
public readonly ref struct ProductFields
{
    public required ReadOnlySpan<byte> Id { get; init; }
    public ReadOnlySpan<byte> Name { get; init; }
    public ReadOnlySpan<byte> Category { get; init; }
    public ReadOnlySpan<byte> Brand { get; init; }
    public decimal? Price { get; init; }
    public required int Quantity { get; init; }
}

/// <summary>
/// Writes Segment messages: <c>Begin</c>, the properties (or the traits of an identify), <c>End</c>. It appends to one
/// reused buffer and allocates nothing.
/// </summary>
public sealed class ClickWriter(ArrayBufferWriter<byte> output) : IDisposable
{
    private static readonly JsonEncodedText s_type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText s_track = JsonEncodedText.Encode("track");
    private static readonly JsonEncodedText s_page = JsonEncodedText.Encode("page");
    private static readonly JsonEncodedText s_identify = JsonEncodedText.Encode("identify");
    private static readonly JsonEncodedText s_event = JsonEncodedText.Encode("event");
    private static readonly JsonEncodedText s_anonymousId = JsonEncodedText.Encode("anonymousId");
    private static readonly JsonEncodedText s_messageId = JsonEncodedText.Encode("messageId");
    private static readonly JsonEncodedText s_timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText s_originalTimestamp = JsonEncodedText.Encode("originalTimestamp");
    private static readonly JsonEncodedText s_properties = JsonEncodedText.Encode("properties");
    private static readonly JsonEncodedText s_traits = JsonEncodedText.Encode("traits");
    private static readonly JsonEncodedText s_context = JsonEncodedText.Encode("context");
    private static readonly JsonEncodedText s_library = JsonEncodedText.Encode("library");
    private static readonly JsonEncodedText s_version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText s_userAgent = JsonEncodedText.Encode("userAgent");
    private static readonly JsonEncodedText s_path = JsonEncodedText.Encode("path");
    private static readonly JsonEncodedText s_url = JsonEncodedText.Encode("url");
    private static readonly JsonEncodedText s_title = JsonEncodedText.Encode("title");

    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <param name="page">The page that a <c>page</c> call shows; not used for other kinds.</param>
    public void Begin(ClickKind kind, ReadOnlySpan<byte> visitor, ReadOnlySpan<byte> messageId, long timeMs, PageView? page = null)
    {
        _json.Reset();
        _json.WriteStartObject();
        switch (kind)
        {
            case ClickKind.Page:
                _json.WriteString(s_type, s_page);
                _json.WriteString(ClickFields.Name, page!.Name);
                break;
            case ClickKind.Identify:
                _json.WriteString(s_type, s_identify);
                break;
            default:
                _json.WriteString(s_type, s_track);
                _json.WriteString(s_event, ClickFields.Event(kind));
                break;
        }
        _json.WriteString(s_anonymousId, visitor);
        _json.WriteString(s_messageId, messageId);
        Span<byte> time = stackalloc byte[24];
        DateTimeOffset.FromUnixTimeMilliseconds(timeMs).TryFormat(time, out var length, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        _json.WriteString(s_timestamp, time[..length]);
        _json.WriteString(s_originalTimestamp, time[..length]);
        _json.WriteStartObject(kind == ClickKind.Identify ? s_traits : s_properties);
        if (kind == ClickKind.Page)
        {
            Page(page!);
        }
    }

    /// <param name="page">Where it happened, if that is known.</param>
    public void End(ClickContext context, PageView? page = null)
    {
        _json.WriteEndObject();
        _json.WriteStartObject(s_context);
        _json.WriteStartObject(s_library);
        _json.WriteString(ClickFields.Name, context.Library);
        _json.WriteString(s_version, context.LibraryVersion);
        _json.WriteEndObject();
        if (page is not null)
        {
            _json.WriteStartObject(s_page);
            Page(page);
            _json.WriteEndObject();
        }
        TextIfKnown(s_userAgent, context.UserAgent);
        if (context.DeviceType is { } device)
        {
            _json.WriteStartObject(ClickFields.Device);
            _json.WriteString(s_type, device);
            _json.WriteEndObject();
        }
        TextIfKnown(ClickFields.Locale, context.Locale);
        TextIfKnown(ClickFields.TimeZone, context.TimeZone);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
    }

    public void Text(JsonEncodedText name, ReadOnlySpan<byte> value) => _json.WriteString(name, value);

    public void Text(JsonEncodedText name, JsonEncodedText value) => _json.WriteString(name, value);

    public void Number(JsonEncodedText name, long value) => _json.WriteNumber(name, value);

    public void Number(JsonEncodedText name, decimal value) => _json.WriteNumber(name, value);

    public void BeginObject(JsonEncodedText name) => _json.WriteStartObject(name);

    public void EndObject() => _json.WriteEndObject();

    /// <summary>Into the object that is open: the properties of a click about one product.</summary>
    public void Product(in ProductFields product)
    {
        _json.WriteString(ClickFields.ProductId, product.Id);
        TextIfKnown(ClickFields.Name, product.Name);
        TextIfKnown(ClickFields.Category, product.Category);
        TextIfKnown(ClickFields.Brand, product.Brand);
        if (product.Price is { } price)
        {
            _json.WriteNumber(ClickFields.Price, price);
        }
        _json.WriteNumber(ClickFields.Quantity, product.Quantity);
    }

    public void BeginProducts() => _json.WriteStartArray(ClickFields.Products);

    /// <summary>One element between <see cref="BeginProducts"/> and <see cref="EndProducts"/>.</summary>
    public void ListedProduct(in ProductFields product)
    {
        _json.WriteStartObject();
        Product(in product);
        _json.WriteEndObject();
    }

    public void EndProducts() => _json.WriteEndArray();

    public void Dispose() => _json.Dispose();

    private void Page(PageView page)
    {
        _json.WriteString(s_path, page.Path);
        _json.WriteString(s_url, page.Url);
        _json.WriteString(s_title, page.Title);
    }

    private void TextIfKnown(JsonEncodedText name, JsonEncodedText? value)
    {
        if (value is { } known)
        {
            _json.WriteString(name, known);
        }
    }

    private void TextIfKnown(JsonEncodedText name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            _json.WriteString(name, value);
        }
    }
}
