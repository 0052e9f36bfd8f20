using System.Text.Json;

namespace StreamEngine.Carts.Clicks;

/// <summary>The part of a click that is about products and money.</summary>
internal sealed class CartFiller(RecordScan scan, Click click)
{
    private const long PriceE4Max = 1_000_000_000L * 10_000;

    // An order of a wholesaler in rupiah may well be above a milliard.
    private const long TotalE4Max = 1_000_000_000_000L * 10_000;
    private const int QuantityMax = 100_000;

    public bool TryFillCart(ref FieldReader fields) =>
        TryFillNames(ref fields)
        // To take something out of a cart needs no money.
        && (click.Kind == ClickKind.ProductRemoved || TryFillMoney(ref fields))
        && TryFillLines(ref fields);

    public bool TryFillOrder(ref FieldReader fields)
    {
        if (!TryFillNames(ref fields) || !TryFillMoney(ref fields))
        {
            return false;
        }
        TakeCurrencyOfLines(ref fields);
        return true;
    }

    public bool TryFillProductSeen(ref FieldReader fields)
    {
        ref readonly var raw = ref scan.Product;
        fields.TryKeep(raw.Product, "product_id", out var product);
        if (!product.IsAbsent)
        {
            fields.TryKeep(raw.Name, "name", out var name);
            fields.TryCurrency(raw.Currency, out var currency);
            fields.TryMoney(raw.Price, "price", PriceE4Max, out var priceE4);
            click.Currency = currency;
            click.AddLine(new ClickLine(product, name, -1, priceE4));
        }
        return true;
    }

    public bool TryFillNames(ref FieldReader fields)
    {
        if (!fields.TryKeep(scan[Field.CartId], "cart_id", out var cartId)
            || !fields.TryKeep(scan[Field.CheckoutId], "checkout_id", out var checkoutId)
            || !fields.TryKeep(scan.First(Field.Coupon, Field.CouponCode, Field.CouponId), "coupon", out var coupon)
            || !fields.TryHash(scan[Field.OrderId], "order_id", out var orderId))
        {
            return false;
        }
        click.CartId = cartId;
        click.CheckoutId = checkoutId;
        click.Coupon = coupon;
        click.OrderId = orderId == 0 && !checkoutId.IsAbsent && KindRules.GroupOf(click.Kind) == KindGroup.Order
            ? Hash64.Of(click.Text(checkoutId))
            : orderId;
        return true;
    }

    private bool TryFillMoney(ref FieldReader fields)
    {
        var raw = scan.Product.Currency;
        if (!fields.TryCurrency(raw, out var currency))
        {
            return false;
        }
        click.Currency = currency;
        // An amount in a currency that nobody can read is no amount.
        if (KindRules.NeedsProduct(click.Kind) || (!raw.IsAbsent && currency.IsNone))
        {
            return true;
        }
        var (total, name) = !scan[Field.Total].IsAbsent ? (scan[Field.Total], "total")
            : !scan[Field.Revenue].IsAbsent ? (scan[Field.Revenue], "revenue")
            : (scan[Field.Value], "value");
        if (!fields.TryMoney(total, name, TotalE4Max, out var valueE4))
        {
            return false;
        }
        click.ValueE4 = valueE4;
        return true;
    }

    // Some orders say the currency of each line and none of their own.
    private void TakeCurrencyOfLines(ref FieldReader fields)
    {
        if (!scan.Product.Currency.IsAbsent)
        {
            return;
        }
        foreach (ref readonly var line in scan.Lines)
        {
            fields.TryCurrency(line.Currency, out var currency);
            if (!currency.IsNone && !click.Currency.IsNone && currency != click.Currency)
            {
                click.Currency = default;
                click.ValueE4 = -1;
                return;
            }
            click.Currency = currency.IsNone ? click.Currency : currency;
        }
    }

    private bool TryFillLines(ref FieldReader fields)
    {
        var needsProduct = KindRules.NeedsProduct(click.Kind);
        click.HasLines = scan.HasLines;
        // A product in the properties themselves is what was added; a list beside it is the cart around it.
        if (needsProduct && !scan.Product.Product.IsAbsent)
        {
            return TryAddLine(ref fields, scan.Product);
        }
        var list = scan[Field.Products].IsAbsent ? scan[Field.Items] : scan[Field.Products];
        if (!list.IsAbsent && list.Type != JsonTokenType.StartArray)
        {
            return fields.Overlooks(FaultReason.WrongType, "products", list.Start);
        }
        if (needsProduct && scan.Lines.IsEmpty)
        {
            return fields.Missing("product_id");
        }
        if (scan.ExcessLineAt >= 0)
        {
            return fields.Overlooks(FaultReason.TooManyLines, "products", scan.ExcessLineAt);
        }
        foreach (ref readonly var line in scan.Lines)
        {
            if (!TryAddLine(ref fields, line))
            {
                return false;
            }
        }
        return true;
    }

    private bool TryAddLine(ref FieldReader fields, in RawLine raw)
    {
        if (raw.IsNoProduct)
        {
            return fields.Overlooks(FaultReason.WrongType, "products", raw.Start);
        }
        if (!fields.TryCount(raw.Quantity, "quantity", FaultReason.BadQuantity, QuantityMax, out var quantity))
        {
            return false;
        }
        if (quantity == 0)
        {
            switch (click.Kind)
            {
                case ClickKind.ProductAdded or ClickKind.WishlistProductAddedToCart:
                    return fields.Overlooks(FaultReason.BadQuantity, "quantity", raw.Quantity.Start);
                case ClickKind.ProductRemoved:
                    // What is left, not what was taken: the quantity removed is not said.
                    quantity = -1;
                    break;
                default:
                    return true;
            }
        }
        if (raw.Product.IsAbsent)
        {
            return fields.Overlooks(FaultReason.MissingField, "product_id", raw.Start);
        }
        if (!fields.TryKeep(raw.Product, "product_id", out var product) || !fields.TryKeep(raw.Name, "name", out var name))
        {
            return false;
        }
        var priceE4 = -1L;
        if (click.Kind != ClickKind.ProductRemoved
            && !(fields.TryMoney(raw.Price, "price", PriceE4Max, out priceE4) && TryJoinCurrency(ref fields, raw.Currency)))
        {
            return false;
        }
        click.AddLine(new ClickLine(product, name, quantity, priceE4));
        return true;
    }

    // A line may carry the currency that the click does not say; two currencies have no sum.
    private bool TryJoinCurrency(ref FieldReader fields, RawValue raw)
    {
        if (!fields.TryCurrency(raw, out var currency))
        {
            return false;
        }
        if (currency.IsNone || currency == click.Currency)
        {
            return true;
        }
        if (!click.Currency.IsNone)
        {
            return fields.Overlooks(FaultReason.MixedCurrency, "currency", raw.Start);
        }
        click.Currency = currency;
        return true;
    }
}
