namespace StreamEngine.Oracle;

/// <summary>What lies in the cart and how far the checkout is: which clicks are too late or make no sense for this cart, and what the others change.</summary>
internal sealed class CartRules(OracleRules rules)
{
    private const string Stale = "Stale";
    private const string Malformed = "Malformed";
    private const int QuantityMax = 1_000_000;
    private const long ValueMinorMax = 1_000_000_000_000;

    /// <returns>The verdict of a click that changes nothing; null for one that may go on.</returns>
    public string? Refuses(OracleSession session, OracleClick click, long eventMs)
    {
        var isPastCart = eventMs <= session.OrderEventMs;
        switch (click.Kind)
        {
            case "ProductAdded" or "WishlistProductAddedToCart":
                return isPastCart || eventMs < session.SnapshotEventMs ? Stale : IsAbsurd(session, click, Added(session, click)) ? Malformed : null;
            case "ProductRemoved":
                return isPastCart || eventMs < session.SnapshotEventMs ? Stale : null;
            case "CartCleared":
                return isPastCart || eventMs < session.CartEventMs ? Stale : null;
            case "CouponEntered" or "CouponApplied" or "CouponRemoved":
                return isPastCart ? Stale : null;
            case "CartViewed" or "CheckoutStarted" or "CheckoutStepViewed" or "CheckoutStepCompleted" or "PaymentInfoEntered":
                if (!IsSnapshot(click))
                {
                    return isPastCart && click.Kind is not "CartViewed" ? Stale : null;
                }
                return isPastCart || eventMs < session.CartEventMs || ShowsWhatWasBought(session, click, eventMs) ? Stale
                    : IsAbsurd(session, click, Shown(session, click)) ? Malformed
                    : null;
            default:
                return null;
        }
    }

    public void Change(OracleSession session, OracleClick click, long eventMs)
    {
        switch (click.Kind)
        {
            case "ProductAdded" or "WishlistProductAddedToCart":
                var added = Added(session, click);
                session.Currency = CurrencyOf(session, click);
                session.Items = added;
                session.CartEventMs = Math.Max(session.CartEventMs, eventMs);
                Open(session, "Carting");
                break;
            case "ProductRemoved":
                Remove(session, click, eventMs);
                break;
            case "CartCleared":
                session.Items = [];
                session.CartEventMs = session.SnapshotEventMs = eventMs;
                Empty(session);
                break;
            case "CartViewed" or "CheckoutStarted" or "CheckoutStepViewed" or "CheckoutStepCompleted" or "PaymentInfoEntered" when IsSnapshot(click):
                var shown = Shown(session, click);
                session.Currency = CurrencyOf(session, click);
                session.Items = shown;
                session.StatedMinor = null;
                session.CartEventMs = session.SnapshotEventMs = eventMs;
                if (shown.Count == 0)
                {
                    Empty(session);
                }
                else
                {
                    Open(session, click.Kind is "CartViewed" ? "Carting" : "Checkout");
                }
                break;
            // After a purchase only products open a new cart: the browser's last checkout step often arrives behind the shop's own order.
            case "CheckoutStarted" or "CheckoutStepViewed" or "CheckoutStepCompleted" or "PaymentInfoEntered" when session.Phase is not ("Purchased" or "Recovered"):
                if (session.Items.Count == 0 && click.Value is { } value)
                {
                    session.Currency = CurrencyOf(session, click);
                    session.StatedMinor = Math.Min(Currencies.Minor(value, session.Currency), ValueMinorMax);
                }
                Open(session, "Checkout");
                break;
        }
    }

    /// <summary>A list of products shows the whole cart; a checkout with an empty list does not say that the cart is empty.</summary>
    private static bool IsSnapshot(OracleClick click) => click.Lines is not null && (click.Kind is "CartViewed" || click.Lines.Count > 0);

    private bool ShowsWhatWasBought(OracleSession session, OracleClick click, long eventMs) =>
        session.Phase is "Purchased" or "Recovered" && session.Bought.Count > 0 && eventMs <= session.OrderEventMs + rules.IdleAfterMs
        && click.Lines!.Select(l => l.Product).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).SequenceEqual(session.Bought, StringComparer.Ordinal);

    private string CurrencyOf(OracleSession session, OracleClick click) => click.Currency ?? (session.HasCart ? session.Currency : rules.Currency);

    private List<CartItem> Added(OracleSession session, OracleClick click)
    {
        var items = session.Items.ToList();
        foreach (var line in click.Lines!)
        {
            var price = line.Price is { } said ? Currencies.Minor(said, CurrencyOf(session, click)) : (long?)null;
            var at = items.FindIndex(i => string.Equals(i.Product, line.Product, StringComparison.Ordinal));
            if (at < 0)
            {
                items.Add(new CartItem(line.Product, line.Quantity ?? 1, price));
            }
            else
            {
                items[at] = new CartItem(line.Product, items[at].Quantity + (line.Quantity ?? 1), price ?? items[at].PriceMinor);
            }
        }
        return items;
    }

    /// <summary>One product at two prices stays two lines.</summary>
    private List<CartItem> Shown(OracleSession session, OracleClick click)
    {
        var currency = CurrencyOf(session, click);
        var items = new List<CartItem>();
        foreach (var line in click.Lines!)
        {
            var price = line.Price is { } said ? Currencies.Minor(said, currency) : (long?)null;
            var at = items.FindIndex(i => string.Equals(i.Product, line.Product, StringComparison.Ordinal) && i.PriceMinor == price);
            if (at < 0)
            {
                items.Add(new CartItem(line.Product, line.Quantity ?? 1, price));
            }
            else
            {
                items[at] = items[at] with { Quantity = items[at].Quantity + (line.Quantity ?? 1) };
            }
        }
        return items;
    }

    private bool IsAbsurd(OracleSession session, OracleClick click, List<CartItem> items)
    {
        var isMixed = click.Kind is "ProductAdded" or "WishlistProductAddedToCart" && session.Items.Count > 0 && click.Currency is not null
            && !string.Equals(click.Currency, session.Currency, StringComparison.Ordinal);
        return isMixed || items.Count > rules.CartLinesMax || items.Any(i => i.Quantity > QuantityMax) || items.Sum(i => i.ValueMinor) > ValueMinorMax;
    }

    private static void Remove(OracleSession session, OracleClick click, long eventMs)
    {
        session.CartEventMs = Math.Max(session.CartEventMs, eventMs);
        if (session.Items.Count == 0)
        {
            return;
        }
        foreach (var line in click.Lines!)
        {
            var at = session.Items.FindIndex(i => string.Equals(i.Product, line.Product, StringComparison.Ordinal));
            if (at >= 0)
            {
                session.Items[at] = session.Items[at] with { Quantity = line.Quantity is { } taken ? session.Items[at].Quantity - taken : 0 };
                session.Items.RemoveAll(i => i.Quantity <= 0);
            }
        }
        if (session.Items.Count == 0)
        {
            Empty(session);
        }
    }

    private static void Open(OracleSession session, string phase) => session.Phase = session.Phase is "Checkout" ? "Checkout" : phase;

    private static void Empty(OracleSession session)
    {
        if (session.IsOpen)
        {
            session.Phase = "Browsing";
            session.EndCart();
        }
    }
}
