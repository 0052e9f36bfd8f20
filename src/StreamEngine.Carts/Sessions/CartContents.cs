using StreamEngine.Carts.Clicks;

namespace StreamEngine.Carts.Sessions;

/// <summary>What lies in the cart and how far the checkout is. A click that is refused or comes too late leaves no trace.</summary>
internal sealed class CartContents(SessionOptions options, Presence presence, Orders orders, SessionMemory memory)
{
    // Used again for every snapshot: with lines of its own each, a look at a cart of two lines cost 88 B.
    private CartLines _snapshot;

    public void OnProductAdded(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (Orders.IsPastCart(session, eventMs) || eventMs < session.SnapshotEventMs)
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (!CartEdit.TryCheckAdditions(session, click, options, turn) || !presence.Touch(session, click, eventMs, turn))
        {
            return;
        }
        CartEdit.Add(session, click, options, memory);
        session.CartEventMs = Math.Max(session.CartEventMs, eventMs);
        KeepIds(session, click);
        CartLife.OpenCart(session, CartPhase.Carting, turn);
    }

    public void OnProductRemoved(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (Orders.IsPastCart(session, eventMs) || eventMs < session.SnapshotEventMs)
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (!presence.Touch(session, click, eventMs, turn))
        {
            return;
        }
        // A cart whose lines are not known, only its value, does not become empty by losing one of them.
        var isKnown = session.Lines.Count > 0;
        CartEdit.Remove(session, click);
        session.CartEventMs = Math.Max(session.CartEventMs, eventMs);
        if (isKnown && session.Lines.Count == 0)
        {
            CartLife.EmptyCart(session, turn, memory);
        }
    }

    public void OnCartViewed(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (!click.HasLines)
        {
            presence.Touch(session, click, eventMs, turn);
            return;
        }
        TakeSnapshot(session, click, eventMs, CartPhase.Carting, turn);
    }

    public void OnCartCleared(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (eventMs < session.CartEventMs || Orders.IsPastCart(session, eventMs))
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (presence.Touch(session, click, eventMs, turn))
        {
            session.Lines.Clear(memory.Lines);
            session.CartEventMs = session.SnapshotEventMs = eventMs;
            CartLife.EmptyCart(session, turn, memory);
        }
    }

    public void OnCheckout(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (Orders.IsPastCart(session, eventMs))
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (click.HasLines && click.Lines.Length > 0)
        {
            TakeSnapshot(session, click, eventMs, CartPhase.Checkout, turn);
            return;
        }
        if (!presence.Touch(session, click, eventMs, turn))
        {
            return;
        }
        // After a purchase only products open a new cart: the browser's last checkout step often arrives behind the shop's own order.
        if (session.Phase is CartPhase.Purchased or CartPhase.Recovered)
        {
            return;
        }
        KeepIds(session, click);
        if (session.Lines.Count == 0 && click.ValueE4 >= 0)
        {
            session.Currency = CartEdit.CurrencyFor(session, click, options);
            session.StatedValueMinor = Math.Min(Money.MinorFromE4(click.ValueE4, session.Currency), Money.MinorMax);
        }
        CartLife.OpenCart(session, CartPhase.Checkout, turn);
    }

    public void OnCoupon(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (Orders.IsPastCart(session, eventMs))
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (presence.Touch(session, click, eventMs, turn))
        {
            session.GetExtras(memory).Coupon = click.Kind == ClickKind.CouponRemoved || click.Coupon.IsAbsent ? null : memory.Texts.Get(click.Text(click.Coupon));
        }
    }

    private void TakeSnapshot(CartSession session, Click click, long eventMs, CartPhase phase, CartTurn turn)
    {
        if (eventMs < session.CartEventMs || Orders.IsPastCart(session, eventMs) || orders.ShowsWhatWasBought(session, click, eventMs))
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (!CartEdit.TryReadSnapshot(session, click, options, memory, turn, ref _snapshot) || !presence.Touch(session, click, eventMs, turn))
        {
            return;
        }
        CartEdit.Replace(session, click, options, memory, _snapshot);
        session.CartEventMs = session.SnapshotEventMs = eventMs;
        KeepIds(session, click);
        if (session.Lines.Count == 0)
        {
            CartLife.EmptyCart(session, turn, memory);
            return;
        }
        CartLife.OpenCart(session, phase, turn);
    }

    private void KeepIds(CartSession session, Click click)
    {
        if (!click.CartId.IsAbsent)
        {
            session.GetExtras(memory).CartId.CopyFrom(click.Text(click.CartId), memory.Bytes);
        }
        if (!click.CheckoutId.IsAbsent)
        {
            session.GetExtras(memory).CheckoutId.CopyFrom(click.Text(click.CheckoutId), memory.Bytes);
        }
    }
}
