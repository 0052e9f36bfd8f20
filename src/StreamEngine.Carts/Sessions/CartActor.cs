using System.Diagnostics;
using System.Text;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Carts.Sessions;

/// <summary>
/// How a session behaves: a pure function of state, message, shard time and tactics. No clock, no I/O. What the session wants done leaves
/// through the <see cref="CartTurn"/>. One actor object serves all sessions of a shard.
/// </summary>
public sealed class CartActor
{
    private readonly SessionOptions _options;
    private readonly TacticDecider _decider;
    private readonly CartDeadlines _deadlines;
    private readonly TextPool _texts;
    private readonly long _throttleStepMs;
    private readonly long _throttleSlackMs;

    public CartActor(SessionOptions options, TacticSet tactics, TextPool texts)
    {
        _options = options;
        _decider = new TacticDecider(tactics, options);
        _deadlines = new CartDeadlines(tactics, options);
        _texts = texts;
        _throttleStepMs = Math.Max(1, 1000 / options.ClicksPerSecondMax);
        _throttleSlackMs = _throttleStepMs * (options.ClickBurstMax - 1);
    }

    /// <summary>When the session wants to be woken next, in shard time.</summary>
    public long NextDueMs(CartSession session) => _deadlines.Next(session, out _);

    /// <summary>A session begins with its first click.</summary>
    public void Start(CartSession session, Click click, long nowMs)
    {
        session.StartedMs = click.TimeMs;
        session.LastActivityMs = nowMs;
        session.Currency = _options.Currency;
    }

    /// <summary>
    /// Fires what is due at or before the turn's time, in due order and each at its own instant, however late the call comes.
    /// Deadlines of the same instant as a click come before the click.
    /// </summary>
    public void Wake(CartSession session, CartTurn turn)
    {
        while (!turn.Ended)
        {
            var dueMs = _deadlines.Next(session, out var kind);
            if (dueMs > turn.NowMs)
            {
                return;
            }
            turn.Changed = true;
            switch (kind)
            {
                case DeadlineKind.Dwell: FireDwell(session, dueMs, turn); break;
                case DeadlineKind.Idle: Abandon(session, dueMs, turn, $"no activity for {Wording.Span(_options.IdleAfterMs)}"); break;
                case DeadlineKind.Exit: Abandon(session, dueMs, turn, $"left the shop and did not return for {Wording.Span(_options.ExitAfterMs)}"); break;
                case DeadlineKind.Offset: FireOffset(session, dueMs, turn); break;
                case DeadlineKind.Lapse: Lapse(session, dueMs, turn); break;
                case DeadlineKind.End: turn.Ended = true; break;
                default: throw new UnreachableException($"deadline {kind}");
            }
        }
    }

    public void Handle(CartSession session, Click click, CartTurn turn)
    {
        var eventMs = Math.Min(click.EventTimeMs, turn.NowMs);
        if (IsThrottled(session, click.Kind, turn.NowMs))
        {
            turn.Verdict = Verdict.Throttled;
            return;
        }
        var isOnceOnly = click.MessageId != 0 && IsHarmfulTwice(click.Kind);
        if (isOnceOnly && session.Messages.Contains(click.MessageId))
        {
            turn.Verdict = Verdict.Duplicate;
            return;
        }
        switch (click.Kind)
        {
            case ClickKind.ProductAdded or ClickKind.WishlistProductAddedToCart: OnProductAdded(session, click, eventMs, turn); break;
            case ClickKind.ProductRemoved: OnProductRemoved(session, click, eventMs, turn); break;
            case ClickKind.CartViewed: OnCartViewed(session, click, eventMs, turn); break;
            case ClickKind.CartCleared: OnCartCleared(session, click, eventMs, turn); break;
            case ClickKind.CheckoutStarted or ClickKind.CheckoutStepViewed or ClickKind.CheckoutStepCompleted or ClickKind.PaymentInfoEntered:
                OnCheckout(session, click, eventMs, turn);
                break;
            case ClickKind.OrderCompleted: OnOrderCompleted(session, click, eventMs, turn); break;
            case ClickKind.PageLeft: OnPageLeft(session, eventMs, turn); break;
            case ClickKind.Identify or ClickKind.ConsentUpdated: OnContact(session, click, turn); break;
            case ClickKind.CouponEntered or ClickKind.CouponApplied or ClickKind.CouponRemoved: OnCoupon(session, click, eventMs, turn); break;
            case ClickKind.MessageSent or ClickKind.MessageDelivered or ClickKind.MessageFailed or ClickKind.MessageOpened or ClickKind.MessageClicked:
                OnOutcome(session, click.ActionId);
                break;
            case ClickKind.OrderUpdated or ClickKind.OrderRefunded or ClickKind.OrderCancelled: break;
            default: Touch(session, click, eventMs, turn); break;
        }
        if (turn.Verdict is not (Verdict.Applied or Verdict.Reopened))
        {
            return;
        }
        turn.Changed = true;
        if (isOnceOnly)
        {
            session.Messages.Add(click.MessageId);
        }
        Trigger(session, click, turn);
    }

    private void Trigger(CartSession session, Click click, CartTurn turn)
    {
        if (click.Kind == ClickKind.ExitIntentDetected)
        {
            foreach (var tactic in _decider.Tactics.ExitIntent)
            {
                if (click.ConfidencePercent < 0 || click.ConfidencePercent >= tactic.Source.On.ConfidencePercentMin)
                {
                    _decider.Decide(tactic, session, turn.NowMs, turn);
                }
            }
        }
        foreach (var tactic in _decider.Tactics.OnEvent(click.Kind))
        {
            _decider.Decide(tactic, session, turn.NowMs, turn);
        }
    }

    /// <summary>Delta clicks and messages: applying them again would count them twice. An order has its own id.</summary>
    private static bool IsHarmfulTwice(ClickKind kind) => kind is ClickKind.ProductAdded or ClickKind.ProductRemoved or ClickKind.WishlistProductAddedToCart
        or ClickKind.ChatMessageReceived or ClickKind.OrderCompleted or ClickKind.ExitIntentDetected
        or ClickKind.CouponEntered or ClickKind.CouponApplied or ClickKind.CouponDenied;

    private bool IsThrottled(CartSession session, ClickKind kind, long nowMs)
    {
        // Dropping one of these could remind somebody who has bought, or who said no.
        if (kind is ClickKind.OrderCompleted or ClickKind.ConsentUpdated or ClickKind.Identify or ClickKind.CartCleared)
        {
            return false;
        }
        // Further ahead than a full bucket can be: time went back after a record from a wrong clock, which must not silence the visitor.
        var full = session.ThrottleMs > nowMs + _throttleSlackMs + _throttleStepMs ? nowMs : Math.Max(session.ThrottleMs, nowMs);
        if (full - nowMs > _throttleSlackMs)
        {
            return true;
        }
        session.ThrottleMs = full + _throttleStepMs;
        return false;
    }

    /// <summary>
    /// The visitor does something: idle and exit start anew, an abandoned cart is open again. A click that comes late tells of the past:
    /// it opens nothing and turns no page.
    /// </summary>
    private bool Touch(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        var isLate = eventMs < session.LastEventMs;
        if (session.Phase == CartPhase.Abandoned)
        {
            if (isLate || click.Kind == ClickKind.Heartbeat)
            {
                turn.Verdict = isLate ? Verdict.Stale : Verdict.Applied;
                return !isLate;
            }
            Move(session, CartPhase.Carting, turn.NowMs, turn);
            turn.Verdict = Verdict.Reopened;
        }
        session.LastActivityMs = turn.NowMs;
        session.ExitDueMs = 0;
        session.LastEventMs = Math.Max(session.LastEventMs, eventMs);
        if (click.Device != Device.Unknown)
        {
            session.Device = click.Device;
        }
        KeepLocale(session, click);
        if (!isLate && click.Page != PageType.None && (click.Kind == ClickKind.Page || click.Page != session.Page))
        {
            session.Page = click.Page;
            session.PageSinceMs = turn.NowMs;
            session.DwellDoneMs = -1;
            if (click.Page == PageType.Cart && session.Phase == CartPhase.Checkout)
            {
                Move(session, CartPhase.Carting, turn.NowMs, turn);
            }
        }
        return true;
    }

    private void OnProductAdded(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (IsPastCart(session, eventMs) || eventMs < session.SnapshotEventMs)
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (!CartEdit.TryCheckAdditions(session, click, _options, turn) || !Touch(session, click, eventMs, turn))
        {
            return;
        }
        CartEdit.Add(session, click, _options, _texts);
        session.CartEventMs = Math.Max(session.CartEventMs, eventMs);
        KeepIds(session, click);
        OpenCart(session, CartPhase.Carting, turn);
    }

    private void OnProductRemoved(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (IsPastCart(session, eventMs) || eventMs < session.SnapshotEventMs)
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (!Touch(session, click, eventMs, turn))
        {
            return;
        }
        CartEdit.Remove(session, click);
        session.CartEventMs = Math.Max(session.CartEventMs, eventMs);
        if (session.Lines.Count == 0)
        {
            EmptyCart(session, turn);
        }
    }

    private void OnCartViewed(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (!click.HasLines)
        {
            Touch(session, click, eventMs, turn);
            return;
        }
        TakeSnapshot(session, click, eventMs, CartPhase.Carting, turn);
    }

    private void OnCartCleared(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (eventMs < session.CartEventMs || IsPastCart(session, eventMs))
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (Touch(session, click, eventMs, turn))
        {
            session.Lines.Clear();
            session.CartEventMs = session.SnapshotEventMs = eventMs;
            EmptyCart(session, turn);
        }
    }

    private void OnCheckout(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (IsPastCart(session, eventMs))
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (click.HasLines && click.Lines.Length > 0)
        {
            TakeSnapshot(session, click, eventMs, CartPhase.Checkout, turn);
            return;
        }
        if (!Touch(session, click, eventMs, turn))
        {
            return;
        }
        KeepIds(session, click);
        if (session.Lines.Count == 0 && click.ValueE4 >= 0)
        {
            session.Currency = click.Currency.IsNone ? session.Currency : click.Currency;
            session.StatedValueMinor = Math.Min(Money.MinorFromE4(click.ValueE4, session.Currency), Money.MinorMax);
        }
        // After a purchase only products open a new cart: the browser's last checkout step often arrives behind the shop's own order.
        if (session.Phase is CartPhase.Browsing or CartPhase.Carting)
        {
            OpenCart(session, CartPhase.Checkout, turn);
        }
    }

    private void TakeSnapshot(CartSession session, Click click, long eventMs, CartPhase phase, CartTurn turn)
    {
        if (eventMs < session.CartEventMs || IsPastCart(session, eventMs) || ShowsWhatWasBought(session, click, eventMs))
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        if (!CartEdit.TryCheckSnapshot(session, click, _options, turn) || !Touch(session, click, eventMs, turn))
        {
            return;
        }
        CartEdit.Replace(session, click, _options, _texts);
        session.CartEventMs = session.SnapshotEventMs = eventMs;
        KeepIds(session, click);
        if (session.Lines.Count == 0)
        {
            EmptyCart(session, turn);
            return;
        }
        OpenCart(session, phase, turn);
    }

    private void OnOrderCompleted(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (click.OrderId != 0 && click.OrderId == session.LastOrderId)
        {
            turn.Verdict = Verdict.Duplicate;
            return;
        }
        var currency = click.Currency.IsNone ? session.Currency : click.Currency;
        var orderMinor = click.ValueE4 >= 0 ? Math.Min(Money.MinorFromE4(click.ValueE4, currency), Money.MinorMax) : session.ValueMinor;
        currency = click.ValueE4 >= 0 ? currency : session.Currency;
        var isRecovered = session.AbandonedMs > 0 && session.HasLiveCart && turn.NowMs < session.AbandonedMs + _options.RecoveredWithinMs;
        CancelPending(session, turn);
        if (isRecovered)
        {
            turn.Actions.Add(_decider.Fact(
                ActionKind.CartRecovered, "cart_recovered", session, turn.NowMs,
                $"ordered for {Money.Format(orderMinor, currency)}, {Wording.Span((turn.NowMs - session.AbandonedMs) / 1000 * 1000)} after the cart was abandoned") with
            {
                OrderValueMinor = orderMinor,
                OrderCurrency = currency,
            });
        }
        Move(session, isRecovered ? CartPhase.Recovered : CartPhase.Purchased, turn.NowMs, turn, orderMinor, currency);
        session.BoughtHash = CartEdit.ProductsHash(session.Lines.Span);
        session.OrderEventMs = Math.Max(session.OrderEventMs, eventMs);
        session.LastOrderId = click.OrderId;
        session.LastActivityMs = turn.NowMs;
        session.ExitDueMs = 0;
        session.Segment = VisitorSegment.Returning;
        EndCart(session);
        _decider.Remember(session, turn.NowMs);
    }

    private void OnPageLeft(CartSession session, long eventMs, CartTurn turn)
    {
        // The old page's farewell often arrives after the new page's greeting.
        if (eventMs < session.LastEventMs)
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        session.LastEventMs = eventMs;
        session.Page = PageType.None;
        if (session.Phase != CartPhase.Abandoned)
        {
            session.LastActivityMs = turn.NowMs;
            session.ExitDueMs = turn.NowMs + _options.ExitAfterMs;
        }
    }

    private void OnContact(CartSession session, Click click, CartTurn turn)
    {
        session.Consents = session.Consents.MergedWith(click.Consents);
        session.HasEmail |= !click.Email.IsAbsent;
        session.HasPhone |= !click.Phone.IsAbsent;
        KeepLocale(session, click);
        if (click.OrderCount >= 0 || click.LastOrderAtMs > 0)
        {
            var isDormant = click.LastOrderAtMs > 0 && turn.NowMs - click.LastOrderAtMs > 180 * 86_400_000L;
            session.Segment = isDormant ? VisitorSegment.Dormant
                : click.OrderCount > 0 || click.LastOrderAtMs > 0 ? VisitorSegment.Returning
                : VisitorSegment.New;
        }
        if (!click.TimeZone.IsAbsent)
        {
            session.GetExtras().TimeZone = _texts.Get(click.Text(click.TimeZone));
        }
        var tellsContact = !click.Email.IsAbsent || !click.Phone.IsAbsent;
        if (tellsContact || click.Consents.Bits != 0)
        {
            _decider.Remember(session, turn.NowMs);
        }
        if (tellsContact)
        {
            turn.Contact = new ContactChange(
                _decider.ContactRefOf(session.Visitor), Text(click.Email), Text(click.Phone), Text(click.Locale), Text(click.TimeZone));
        }

        string? Text(TextRange range) => range.IsAbsent ? null : Encoding.UTF8.GetString(click.Text(range));
    }

    // Apart from the others: a lambda that captures would cost every click its closure (24 B).
    private static void OnOutcome(CartSession session, ActionId action) => session.Extras?.Pending?.RemoveAll(p => p.Id == action);

    private void OnCoupon(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (Touch(session, click, eventMs, turn))
        {
            session.GetExtras().Coupon = click.Kind == ClickKind.CouponRemoved || click.Coupon.IsAbsent ? null : _texts.Get(click.Text(click.Coupon));
        }
    }

    private void FireDwell(CartSession session, long dueMs, CartTurn turn)
    {
        session.DwellDoneMs = dueMs - session.PageSinceMs;
        foreach (var tactic in _decider.Tactics.Dwell(session.Page))
        {
            if (tactic.Source.On.AfterMs == session.DwellDoneMs)
            {
                _decider.Decide(tactic, session, dueMs, turn);
            }
        }
    }

    private void FireOffset(CartSession session, long dueMs, CartTurn turn)
    {
        session.OffsetDoneMs = dueMs - session.AbandonedMs;
        foreach (var tactic in _decider.Tactics.Abandoned)
        {
            if (tactic.Source.On.AfterMs == session.OffsetDoneMs)
            {
                _decider.Decide(tactic, session, dueMs, turn);
            }
        }
    }

    private void Abandon(CartSession session, long dueMs, CartTurn turn, string reason)
    {
        session.Episode++;
        session.AbandonedMs = dueMs;
        session.OffsetDoneMs = -1;
        session.ExitDueMs = 0;
        session.Page = PageType.None;
        Move(session, CartPhase.Abandoned, dueMs, turn);
        turn.Actions.Add(_decider.Fact(ActionKind.CartAbandoned, "cart_abandoned", session, dueMs, reason));
    }

    private static void Lapse(CartSession session, long dueMs, CartTurn turn)
    {
        Move(session, CartPhase.Lapsed, dueMs, turn);
        EndCart(session);
    }

    /// <summary>The first product, or a step forward: from Browsing and from every closed phase a cart begins.</summary>
    private static void OpenCart(CartSession session, CartPhase phase, CartTurn turn)
    {
        var target = session.Phase == CartPhase.Checkout ? CartPhase.Checkout : phase;
        if (session.Phase != target)
        {
            Move(session, target, turn.NowMs, turn);
        }
    }

    private static void EmptyCart(CartSession session, CartTurn turn)
    {
        if (session.Phase is CartPhase.Carting or CartPhase.Checkout)
        {
            Move(session, CartPhase.Browsing, turn.NowMs, turn);
            EndCart(session);
        }
    }

    private static void EndCart(CartSession session)
    {
        session.Lines.Clear();
        session.StatedValueMinor = -1;
        session.AbandonedMs = 0;
        session.OffsetDoneMs = -1;
        session.Counters.StartNewCart();
        if (session.Extras is { } extras)
        {
            (extras.CartId, extras.CheckoutId, extras.Coupon) = (null, null, null);
        }
    }

    private void CancelPending(CartSession session, CartTurn turn)
    {
        if (session.Extras?.Pending is not { } pending)
        {
            return;
        }
        foreach (var action in pending)
        {
            if (action.NotBeforeMs > turn.NowMs)
            {
                turn.Actions.Add(_decider.Fact(ActionKind.ActionCancelled, $"action_cancelled:{action.Id}", session, turn.NowMs, "bought before it was sent") with
                {
                    Cancels = action.Id,
                });
            }
        }
        session.Extras.Pending = null;
    }

    private static bool IsPastCart(CartSession session, long eventMs) => session.OrderEventMs > 0 && eventMs <= session.OrderEventMs;

    private bool ShowsWhatWasBought(CartSession session, Click click, long eventMs) =>
        session.Phase is CartPhase.Purchased or CartPhase.Recovered && session.BoughtHash != 0
        && eventMs <= session.OrderEventMs + _options.IdleAfterMs && CartEdit.ProductsHash(click) == session.BoughtHash;

    private void KeepLocale(CartSession session, Click click)
    {
        if (!click.Locale.IsAbsent && !click.Text(click.Locale).SequenceEqual(session.Extras?.Locale))
        {
            session.GetExtras().Locale = _texts.Get(click.Text(click.Locale));
        }
    }

    private static void KeepIds(CartSession session, Click click)
    {
        if (!click.CartId.IsAbsent && !click.Text(click.CartId).SequenceEqual(session.Extras?.CartId))
        {
            session.GetExtras().CartId = click.Text(click.CartId).ToArray();
        }
        if (!click.CheckoutId.IsAbsent && !click.Text(click.CheckoutId).SequenceEqual(session.Extras?.CheckoutId))
        {
            session.GetExtras().CheckoutId = click.Text(click.CheckoutId).ToArray();
        }
    }

    private static void Move(CartSession session, CartPhase to, long atMs, CartTurn turn) =>
        Move(session, to, atMs, turn, session.ValueMinor, session.Currency);

    private static void Move(CartSession session, CartPhase to, long atMs, CartTurn turn, long valueMinor, Currency currency)
    {
        if (!CartMoves.IsAllowed(session.Phase, to))
        {
            throw new SessionCorruptException($"A session cannot move from {session.Phase} to {to}.");
        }
        turn.Moves.Add(new PhaseMove(session.Phase, to, session.Episode, valueMinor, currency, session.Lines.Count, session.AbandonedMs, atMs));
        session.Phase = to;
    }
}
