using System.Text.Json;

namespace StreamEngine.Oracle;

/// <summary>Reads a record with the platform's JSON reader, as docs/clicks.md says.</summary>
internal static class ClickReading
{
    public const string Malformed = "Malformed";
    public const string Ignored = "Ignored";

    private const decimal PriceMax = 1_000_000_000m;
    private const decimal TotalMax = 1_000_000_000_000m;
    private const int QuantityMax = 100_000;

    /// <returns>The click, or the verdict of a record that is none.</returns>
    public static (OracleClick? Click, string? Verdict) Read(byte[] key, byte[] value, OracleRules rules)
    {
        if (key.Length is 0 or > 256)
        {
            return (null, Malformed);
        }
        try
        {
            using var json = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = 32 });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, Malformed);
            }
            var click = Read(json.RootElement, rules);
            return click is null ? (null, Ignored) : (click, null);
        }
        catch (Exception fault) when (fault is JsonException or FaultyFieldException)
        {
            return (null, Malformed);
        }
    }

    private static OracleClick? Read(JsonElement root, OracleRules rules)
    {
        var envelope = new SaidFields(root, isLenient: false);
        var kind = KindOf(envelope);
        if (kind is null)
        {
            return null;
        }
        var lenient = new SaidFields(root, isLenient: true);
        var context = new SaidFields(lenient.Find("context") ?? default, isLenient: true);
        var said = new SaidFields(lenient.Find("properties") ?? default, Group(kind) is "Order" or "Look");
        var click = new OracleClick(kind)
        {
            EventMs = lenient.TimeMs("timestamp") ?? lenient.TimeMs("originalTimestamp") ?? lenient.TimeMs("sentAt"),
            MessageId = envelope.Text("messageId", "message_id"),
            Locale = context.Text("locale"),
            Device = DeviceOf(new SaidFields(context.Find("device") ?? default, isLenient: true).Text("type")),
            Page = PageOf(kind, lenient, said, context),
        };
        return Group(kind) switch
        {
            "Cart" => WithCart(click, said, rules),
            "Order" => WithOrder(click, said),
            "Checkout" => WithStatedValue(click, said),
            "Identify" => WithTraits(click, new SaidFields(lenient.Find("traits") ?? context.Find("traits") ?? default, isLenient: false)),
            "ExitIntent" => click with
            {
                ConfidencePercent = said.Number(100, "confidence") is { } share ? Math.Round(share <= 1 ? share * 100 : share, MidpointRounding.AwayFromZero) : null,
                Device = DeviceOf(said.Text("device")) ?? click.Device,
            },
            "Chat" => click with { Locale = click.Locale ?? said.Text("language") },
            "Consent" => WithConsent(click, said),
            "Outcome" => click with { ActionId = said.Text("actionId", "action_id") ?? throw new FaultyFieldException("actionId") },
            _ => click,
        };
    }

    private static string? KindOf(SaidFields envelope) => (envelope.Text("type") ?? throw new FaultyFieldException("type")).ToLowerInvariant() switch
    {
        "track" => EventWords.KindOf(envelope.Text("event") ?? throw new FaultyFieldException("event")),
        "page" or "screen" => "Page",
        "identify" => "Identify",
        _ => null,
    };

    private static string Group(string kind) => kind switch
    {
        "ProductAdded" or "ProductRemoved" or "WishlistProductAddedToCart" or "CartViewed" or "CheckoutStarted" => "Cart",
        "OrderCompleted" or "OrderUpdated" or "OrderRefunded" or "OrderCancelled" => "Order",
        "CheckoutStepViewed" or "CheckoutStepCompleted" or "PaymentInfoEntered" => "Checkout",
        "ProductsSearched" or "ProductListViewed" or "ProductClicked" or "ProductViewed" or "ProductAddedToWishlist" or "ProductRemovedFromWishlist"
            or "ProductShared" => "Look",
        "Identify" => "Identify",
        "ExitIntentDetected" => "ExitIntent",
        "ChatMessageReceived" => "Chat",
        "ConsentUpdated" => "Consent",
        "MessageSent" or "MessageDelivered" or "MessageFailed" or "MessageOpened" or "MessageClicked" => "Outcome",
        _ => "Bare",
    };

    private static string? PageOf(string kind, SaidFields root, SaidFields said, SaidFields context)
    {
        switch (kind)
        {
            case "ProductViewed": return "Product";
            case "ProductListViewed" or "ProductsSearched": return "Listing";
            case "CartViewed": return "Cart";
            case "CheckoutStarted" or "CheckoutStepViewed" or "CheckoutStepCompleted": return "Checkout";
            case "Page": break;
            default: return null;
        }
        var page = new SaidFields(context.Find("page") ?? default, isLenient: true);
        var address = said.Text("path") ?? page.Text("path") ?? said.Text("url") ?? page.Text("url") ?? "";
        return PageWords.OfText(root.Text("name") ?? "") ?? PageWords.OfText(said.Text("name") ?? "") ?? PageWords.OfAddress(address)
            ?? PageWords.OfText(root.Text("category") ?? said.Text("category") ?? "") ?? "Other";
    }

    private static string? DeviceOf(string? word) => word?.ToLowerInvariant() switch
    {
        "desktop" => "Desktop",
        "mobile" or "phone" or "smartphone" or "ios" or "android" => "Mobile",
        "tablet" or "ipad" => "Tablet",
        _ => null,
    };

    private static OracleClick WithCart(OracleClick click, SaidFields said, OracleRules rules)
    {
        var isDelta = click.Kind is "ProductAdded" or "ProductRemoved" or "WishlistProductAddedToCart";
        var currency = click.Kind is "ProductRemoved" ? null : said.Currency();
        var list = said.Find("products") ?? said.Find("items");
        var lines = new List<SaidLine>();
        var isSingle = isDelta && said.Text("product_id", "productId", "sku", "id", "item_id", "itemId") is not null;
        if (isSingle)
        {
            AddLine(said);
        }
        else if (list is { } products)
        {
            if (products.ValueKind != JsonValueKind.Array)
            {
                throw new FaultyFieldException("products");
            }
            foreach (var line in products.EnumerateArray().Where(line => line.ValueKind != JsonValueKind.Null))
            {
                if (line.ValueKind != JsonValueKind.Object)
                {
                    throw new FaultyFieldException("products");
                }
                AddLine(new SaidFields(line, isLenient: false));
            }
        }
        if ((isDelta && lines.Count == 0) || lines.Count > rules.CartLinesMax)
        {
            throw new FaultyFieldException("products");
        }
        var value = isDelta ? null : said.Number(TotalMax, "total") ?? said.Number(TotalMax, "revenue") ?? said.Number(TotalMax, "value");
        return click with { Currency = currency, Value = value, Lines = isDelta || list is not null ? lines : null };

        void AddLine(SaidFields line)
        {
            var quantity = line.Count(QuantityMax, "quantity");
            if (quantity == 0 && click.Kind is "ProductAdded" or "WishlistProductAddedToCart" && quantity == 0)
            {
                throw new FaultyFieldException("quantity");
            }
            if (quantity == 0 && !isDelta)
            {
                return;
            }
            var product = line.Text("product_id", "productId", "sku", "id", "item_id", "itemId") ?? throw new FaultyFieldException("product_id");
            decimal? price = null;
            if (click.Kind is not "ProductRemoved")
            {
                price = line.Number(PriceMax, "price");
                var own = line.Currency();
                if (own is not null && currency is not null && !string.Equals(own, currency, StringComparison.Ordinal))
                {
                    throw new FaultyFieldException("currency");
                }
                currency ??= own;
            }
            lines.Add(new SaidLine(product, quantity == 0 ? null : quantity, price));
        }
    }

    private static OracleClick WithOrder(OracleClick click, SaidFields said) => WithStatedValue(click, said) with
    {
        OrderId = said.Text("order_id", "orderId") ?? said.Text("checkout_id", "checkoutId"),
        Currency = said.Currency(),
        Value = said.Number(TotalMax, "total") ?? said.Number(TotalMax, "revenue") ?? said.Number(TotalMax, "value"),
    };

    /// <summary>A step of the checkout names cart and coupon; sums are told when it starts.</summary>
    private static OracleClick WithStatedValue(OracleClick click, SaidFields said)
    {
        _ = said.Text("cart_id", "cartId");
        _ = said.Text("checkout_id", "checkoutId");
        _ = said.Text("coupon", "coupon_code", "coupon_id");
        return click;
    }

    private static OracleClick WithTraits(OracleClick click, SaidFields traits)
    {
        var consents = new Dictionary<string, bool>(StringComparer.Ordinal);
        var said = new SaidFields(traits.Find("consent") ?? default, isLenient: false);
        foreach (var channel in (string[])["Chat", "Email", "Sms", "Agent"])
        {
            if (said.Consent(channel.ToLowerInvariant()) is { } yes)
            {
                consents[channel] = yes;
            }
        }
        return click with
        {
            TellsContact = traits.Text("email") is not null | traits.Text("phone") is not null,
            Locale = traits.Text("locale") ?? click.Locale,
            OrderCount = traits.Count(int.MaxValue, "orderCount", "order_count"),
            LastOrderAtMs = traits.TimeMs("lastOrderAt", "last_order_at"),
            Consents = consents,
        };
    }

    private static OracleClick? WithConsent(OracleClick click, SaidFields said)
    {
        var channel = said.Text("channel") ?? throw new FaultyFieldException("channel");
        var state = said.Consent("state") ?? throw new FaultyFieldException("state");
        string[] channels = channel.ToLowerInvariant() switch
        {
            "chat" => ["Chat"],
            "email" or "e-mail" => ["Email"],
            "sms" => ["Sms"],
            "agent" => ["Agent"],
            "all" => ["Chat", "Email", "Sms", "Agent"],
            _ => [],
        };
        return channels.Length == 0 ? null : click with { Consents = channels.ToDictionary(c => c, _ => state, StringComparer.Ordinal) };
    }
}
