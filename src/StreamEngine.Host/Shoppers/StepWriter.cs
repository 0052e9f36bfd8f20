using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StreamEngine.Carts.Clicks;
using StreamEngine.Host.Clickstreams;

namespace StreamEngine.Host.Shoppers;

/// <summary>Turns a step into the message that a shop's web page would send. A step's bytes depend on nothing but its shopper.</summary>
internal sealed class StepWriter(Catalog catalog, ClickWriter writer)
{
    private static readonly byte[][] s_searches = [.. new[] { "linen shirt", "lamp", "oak chair", "watch", "kettle", "headphones" }.Select(Encoding.UTF8.GetBytes)];
    private static readonly JsonEncodedText s_granted = JsonEncodedText.Encode("granted");
    private static readonly JsonEncodedText s_withdrawn = JsonEncodedText.Encode("withdrawn");

    private readonly byte[] _currency = Encoding.UTF8.GetBytes(catalog.Currency.ToString());

    public void Write(Shopper shopper)
    {
        ref readonly var step = ref shopper.Current;
        Span<byte> message = stackalloc byte[36];
        shopper.WriteUuid(step.Message, message);
        var page = PageOf(shopper, in step);
        writer.Begin(step.Kind, shopper.Key, message, step.HappenedMs, page);
        WriteProperties(shopper, in step);
        writer.End(shopper.Browser.Context, page);
    }

    private PageView PageOf(Shopper shopper, in Step step) => step.Page switch
    {
        PageType.Listing => PageView.Listing,
        PageType.Product => catalog[step.Kind == ClickKind.ProductAdded ? shopper.Lines[step.Product].Product : step.Product].Page,
        PageType.Cart => PageView.Cart,
        PageType.Checkout => PageView.Checkout,
        _ => PageView.Home,
    };

    private void WriteProperties(Shopper shopper, in Step step)
    {
        switch (step.Kind)
        {
            case ClickKind.ProductsSearched:
                writer.Text(ClickFields.Query, s_searches[step.Message % s_searches.Length]);
                break;
            case ClickKind.ProductListViewed:
                writer.Text(ClickFields.ListId, "all"u8);
                writer.Text(ClickFields.Category, "All products"u8);
                break;
            case ClickKind.ProductViewed:
            case ClickKind.ProductAddedToWishlist:
                WriteProduct(new CartLine(step.Product, 1), isListed: false);
                break;
            case ClickKind.ProductAdded:
            case ClickKind.ProductRemoved:
                WriteId(ClickFields.CartId, "cart-"u8, shopper.Number);
                WriteProduct(shopper.Lines[step.Product], isListed: false);
                break;
            case ClickKind.CartViewed:
                WriteId(ClickFields.CartId, "cart-"u8, shopper.Number);
                WriteCart(shopper, step.LineCount);
                break;
            case ClickKind.CartCleared:
                WriteId(ClickFields.CartId, "cart-"u8, shopper.Number);
                break;
            case ClickKind.CheckoutStarted:
                WriteId(ClickFields.CheckoutId, "checkout-"u8, shopper.Number);
                writer.Number(ClickFields.Value, WriteCart(shopper, step.LineCount));
                writer.Text(ClickFields.Currency, _currency);
                break;
            case ClickKind.CheckoutStepViewed:
            case ClickKind.CheckoutStepCompleted:
                WriteId(ClickFields.CheckoutId, "checkout-"u8, shopper.Number);
                writer.Number(ClickFields.Step, 1);
                writer.Text(ClickFields.ShippingMethod, "parcel"u8);
                break;
            case ClickKind.PaymentInfoEntered:
                WriteId(ClickFields.CheckoutId, "checkout-"u8, shopper.Number);
                writer.Number(ClickFields.Step, 2);
                writer.Text(ClickFields.PaymentMethod, "card"u8);
                break;
            case ClickKind.OrderCompleted:
                WriteId(ClickFields.OrderId, "order-"u8, shopper.Number);
                WriteId(ClickFields.CheckoutId, "checkout-"u8, shopper.Number);
                var total = WriteCart(shopper, step.LineCount);
                writer.Number(ClickFields.Total, total);
                writer.Number(ClickFields.Revenue, total);
                writer.Text(ClickFields.Currency, _currency);
                break;
            case ClickKind.ExitIntentDetected:
                var isDesktop = shopper.Browser.Device == Device.Desktop;
                writer.Text(ClickFields.Signal, isDesktop ? "cursor_left_top"u8 : "fast_scroll_up"u8);
                writer.Number(ClickFields.Confidence, isDesktop ? 0.9m : 0.7m);
                writer.Text(ClickFields.Device, isDesktop ? "desktop"u8 : "mobile"u8);
                break;
            case ClickKind.ChatMessageReceived:
                writer.Text(ClickFields.Text, Question(shopper.Browser.Language));
                writer.Text(ClickFields.Language, shopper.Browser.Locale.AsSpan(0, 2));
                break;
            case ClickKind.Identify:
                WriteTraits(shopper);
                break;
            case ClickKind.ConsentUpdated:
                writer.Text(ClickFields.Channel, "sms"u8);
                writer.Text(ClickFields.State, shopper.Contact.SmsConsent ? s_granted : s_withdrawn);
                break;
        }
    }

    private void WriteTraits(Shopper shopper)
    {
        Span<byte> text = stackalloc byte[64];
        Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"shopper-{shopper.Number}@example.com", out var length);
        writer.Text(ClickFields.Email, text[..length]);
        // Ranges that the regulators keep for films and books.
        _ = shopper.Browser.Language switch
        {
            "de" => Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"+49176040690{shopper.Number % 100:d2}", out length),
            "fr" => Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"+3363998{shopper.Number % 10_000:d4}", out length),
            _ => Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"+447700900{shopper.Number % 1_000:d3}", out length),
        };
        writer.Text(ClickFields.Phone, text[..length]);
        writer.Text(ClickFields.Locale, shopper.Browser.Locale);
        writer.Text(ClickFields.TimeZone, shopper.Browser.TimeZone);
        writer.Number(ClickFields.OrderCount, shopper.Contact.OrderCount);
        writer.BeginObject(ClickFields.Consent);
        writer.Text(ClickFields.Email, shopper.Contact.EmailConsent ? s_granted : s_withdrawn);
        writer.Text(ClickFields.Sms, shopper.Contact.SmsConsent ? s_granted : s_withdrawn);
        writer.EndObject();
    }

    private static ReadOnlySpan<byte> Question(string language) => language switch
    {
        "de" => "Wie lange dauert die Lieferung?"u8,
        "fr" => "Quels sont les frais de livraison ?"u8,
        "es" => "¿Puedo devolver el producto?"u8,
        _ => "How long does delivery take?"u8,
    };

    /// <returns>The value of the lines, in currency units.</returns>
    private decimal WriteCart(Shopper shopper, int lineCount)
    {
        long minor = 0;
        writer.BeginProducts();
        foreach (var line in shopper.Lines[..lineCount])
        {
            minor += catalog[line.Product].PriceMinor * line.Quantity;
            WriteProduct(line, isListed: true);
        }
        writer.EndProducts();
        return catalog.Units(minor);
    }

    private void WriteProduct(CartLine line, bool isListed)
    {
        var item = catalog[line.Product];
        var fields = new ProductFields
        {
            Id = item.Id,
            Name = item.Name,
            Category = item.Category,
            Brand = item.Brand,
            Price = catalog.Units(item.PriceMinor),
            Quantity = line.Quantity,
        };
        if (isListed)
        {
            writer.ListedProduct(in fields);
        }
        else
        {
            writer.Product(in fields);
        }
    }

    private void WriteId(JsonEncodedText name, ReadOnlySpan<byte> prefix, long number)
    {
        Span<byte> text = stackalloc byte[40];
        prefix.CopyTo(text);
        number.TryFormat(text[prefix.Length..], out var written, default, CultureInfo.InvariantCulture);
        writer.Text(name, text[..(prefix.Length + written)]);
    }
}
