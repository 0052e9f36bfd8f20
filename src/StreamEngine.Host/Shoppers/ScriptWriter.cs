using System.Runtime.InteropServices;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Host.Shoppers;

/// <summary>Writes a shopper's script: chooses a plan and gives it clicks whose order and pauses make the plan's outcome certain.</summary>
internal sealed class ScriptWriter
{
    private static readonly LogNormal s_browsedCount = new(median: 2, p90: 7, min: 1, max: 60);

    private readonly Rhythm _rhythm;
    private readonly Disturbances _disturbances;
    private readonly ShopperOptions _options;
    private readonly Catalog _catalog;
    private readonly List<Step> _steps = [];
    private Shopper _shopper = null!;
    private SeededRandom _random;
    private long _nowMs;
    private int _lineCount;
    private bool _isAway;

    public ScriptWriter(ShopperOptions options, Catalog catalog)
    {
        (_options, _catalog) = (options, catalog);
        _rhythm = new Rhythm(options.Sessions);
        _disturbances = new Disturbances(options, _rhythm);
    }

    public Outcome Write(Shopper shopper, long number, long startMs)
    {
        _shopper = shopper;
        _random = shopper.Begin(_options.Seed, number);
        shopper.Browser = Browsers.Draw(ref _random);
        _steps.Clear();
        (_nowMs, _lineCount, _isAway) = (startMs, 0, false);
        var outcome = Play(DrawPlan());
        _disturbances.Apply(_steps, ref _random);
        shopper.Script(CollectionsMarshal.AsSpan(_steps));
        return outcome;
    }

    private ShopperPlan DrawPlan()
    {
        if (!_random.Chance(_options.CartShare))
        {
            return ShopperPlan.Browse;
        }
        var drawn = _random.Between(0, 999_999) / 1e6;
        if (drawn < _options.BuyShare)
        {
            return ShopperPlan.Buy;
        }
        if (drawn < _options.BuyShare + _options.EmptyShare)
        {
            return ShopperPlan.Empty;
        }
        var returning = _random.Between(0, 999_999) / 1e6;
        return returning < _options.ReturnAndBuyShare ? ShopperPlan.ReturnAndBuy
            : returning < _options.ReturnAndBuyShare + _options.ReturnAndLeaveShare ? ShopperPlan.ReturnAndLeave
            : ShopperPlan.Leave;
    }

    private Outcome Play(ShopperPlan plan)
    {
        var identifies = _random.Chance(plan == ShopperPlan.Browse ? _options.IdentifyShare / 10 : _options.IdentifyShare);
        Browse((int)s_browsedCount.Sample(ref _random), isEntry: true);
        if (identifies)
        {
            Identify();
        }
        long abandonedMinor = 0, orderMinor = 0;
        var abandonments = 0;
        switch (plan)
        {
            case ShopperPlan.Browse:
                MaybeExitIntent(_options.ExitIntentShare / 10);
                MaybePageLeft();
                break;
            case ShopperPlan.Buy:
                FillCart(linesMax: 4);
                MaybeRemoveLast();
                MaybeStepAway();
                ViewCart();
                Checkout();
                orderMinor = Order();
                break;
            case ShopperPlan.Leave:
                FillCart(linesMax: 4);
                MaybeRemoveLast();
                abandonedMinor = Leave();
                abandonments = 1;
                break;
            case ShopperPlan.ReturnAndBuy:
                FillCart(linesMax: 4);
                MaybeRemoveLast();
                abandonedMinor = Leave();
                abandonments = 1;
                Return();
                ViewCart();
                Checkout();
                orderMinor = Order();
                break;
            case ShopperPlan.ReturnAndLeave:
                FillCart(linesMax: 3);
                abandonedMinor = Leave();
                Return();
                AddLine();
                ViewCart();
                abandonedMinor += Leave();
                abandonments = 2;
                break;
            case ShopperPlan.Empty:
                FillCart(linesMax: 3);
                Empty();
                Browse(1 + _random.Below(3), isEntry: false);
                MaybePageLeft();
                break;
        }
        return new Outcome(plan, abandonments, abandonedMinor, orderMinor);
    }

    private void Browse(int count, bool isEntry)
    {
        for (var i = 0; i < count; i++)
        {
            var drawn = _random.Below(100);
            if (isEntry && i == 0 && drawn < 40)
            {
                Add(ClickKind.Page, PageType.Home);
                continue;
            }
            switch (drawn)
            {
                case < 8: Add(ClickKind.ProductsSearched, PageType.Listing); break;
                case < 20: Add(ClickKind.Page, PageType.Listing); break;
                case < 32: Add(ClickKind.ProductListViewed, PageType.Listing); break;
                case < 36: Add(ClickKind.ProductAddedToWishlist, PageType.Product, DrawProduct()); break;
                default: Add(ClickKind.ProductViewed, PageType.Product, DrawProduct()); break;
            }
        }
    }

    private void FillCart(int linesMax)
    {
        // Half of all carts hold one product.
        var count = _random.Chance(0.5) ? 1 : 1 + _random.Below(linesMax);
        for (var i = 0; i < count; i++)
        {
            AddLine();
            Browse(_random.Below(3), isEntry: false);
        }
        if (_random.Chance(_options.ChatShare))
        {
            Add(ClickKind.ChatMessageReceived, PageType.Product, DrawProduct());
        }
    }

    /// <summary>Every line is another product, so that the value of the cart is the plain sum of its lines.</summary>
    private void AddLine()
    {
        var lines = _shopper.Lines;
        var product = DrawProduct();
        while (lines[.._lineCount].ContainsAny(new CartLine(product, 1), new CartLine(product, 2)))
        {
            product = (ushort)((product + 1) % Catalog.Count);
        }
        lines[_lineCount] = new CartLine(product, (byte)(_random.Chance(0.1) ? 2 : 1));
        var line = (ushort)_lineCount++;
        Add(ClickKind.ProductAdded, PageType.Product, line);
    }

    private void MaybeRemoveLast()
    {
        if (_lineCount > 1 && _random.Chance(0.15))
        {
            ViewCart();
            RemoveLast();
        }
    }

    private void RemoveLast()
    {
        _lineCount--;
        Add(ClickKind.ProductRemoved, PageType.Cart, (ushort)_lineCount);
    }

    private void Empty()
    {
        ViewCart();
        if (_random.Chance(0.5))
        {
            _lineCount = 0;
            Add(ClickKind.CartCleared, PageType.Cart);
            return;
        }
        while (_lineCount > 0)
        {
            RemoveLast();
        }
    }

    private void ViewCart()
    {
        Add(ClickKind.Page, PageType.Cart);
        Add(ClickKind.CartViewed, PageType.Cart, gapMs: _rhythm.Blink(ref _random));
    }

    private void Checkout()
    {
        Add(ClickKind.Page, PageType.Checkout);
        Add(ClickKind.CheckoutStarted, PageType.Checkout, gapMs: _rhythm.Blink(ref _random));
        if (_random.Chance(0.7))
        {
            Add(ClickKind.CheckoutStepViewed, PageType.Checkout);
            Add(ClickKind.CheckoutStepCompleted, PageType.Checkout);
        }
        Add(ClickKind.PaymentInfoEntered, PageType.Checkout);
    }

    private long Order()
    {
        Add(ClickKind.OrderCompleted, PageType.Checkout);
        var value = CartMinor();
        MaybePageLeft();
        return value;
    }

    /// <summary>The last clicks of a visit that ends with a cart. Nothing of this visit comes later than this.</summary>
    private long Leave()
    {
        var value = CartMinor();
        var drawn = _random.Below(100);
        if (drawn < 60)
        {
            ViewCart();
        }
        if (drawn < 20)
        {
            Add(ClickKind.Page, PageType.Checkout);
            Add(ClickKind.CheckoutStarted, PageType.Checkout, gapMs: _rhythm.Blink(ref _random));
        }
        MaybeExitIntent(_options.ExitIntentShare);
        MaybePageLeft();
        return value;
    }

    private void Return()
    {
        _isAway = false;
        Add(ClickKind.Page, PageType.Home, gapMs: _rhythm.Return(ref _random));
    }

    /// <summary>Leaves the page with a cart and is back before the exit time is over: must not abandon it.</summary>
    private void MaybeStepAway()
    {
        if (_random.Chance(_options.PageLeftShare / 4))
        {
            Add(ClickKind.PageLeft, PageType.Product);
            _isAway = true;
        }
    }

    private void MaybePageLeft()
    {
        if (_random.Chance(_options.PageLeftShare))
        {
            Add(ClickKind.PageLeft, PageType.Other);
        }
    }

    private void MaybeExitIntent(double share)
    {
        if (_random.Chance(share))
        {
            Add(ClickKind.ExitIntentDetected, PageType.Other);
        }
    }

    private void Identify()
    {
        _shopper.Contact = new Contact(_random.Chance(_options.EmailConsentShare), _random.Chance(_options.SmsConsentShare), _random.Chance(0.35) ? 1 + _random.Below(8) : 0);
        Add(ClickKind.Identify, PageType.Other);
        if (_random.Chance(0.1))
        {
            Add(ClickKind.ConsentUpdated, PageType.Other);
        }
    }

    private ushort DrawProduct() => (ushort)_random.Below(Catalog.Count);

    private long CartMinor()
    {
        long value = 0;
        foreach (var line in _shopper.Lines[.._lineCount])
        {
            value += _catalog[line.Product].PriceMinor * line.Quantity;
        }
        return value;
    }

    private void Add(ClickKind kind, PageType page, ushort product = 0, long? gapMs = null)
    {
        if (_steps.Count > 0)
        {
            _nowMs += gapMs ?? (_isAway ? _rhythm.Away(ref _random) : _rhythm.Gap(ref _random));
        }
        _isAway = false;
        _steps.Add(new Step { DeliveredMs = _nowMs, Kind = kind, Page = page, Product = product, LineCount = (byte)_lineCount, Message = (ushort)_steps.Count });
    }
}
