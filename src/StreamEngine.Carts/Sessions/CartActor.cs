using System.Diagnostics;
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
    private readonly SessionMemory _memory;
    private readonly TacticDecider _decider;
    private readonly CartDeadlines _deadlines;
    private readonly Presence _presence;
    private readonly Orders _orders;
    private readonly CartContents _contents;
    private readonly string _idleWords;
    private readonly string _exitWords;
    private readonly long _throttleStepUs;
    private readonly long _throttleSlackUs;

    public CartActor(SessionOptions options, TacticSet tactics, SessionMemory memory)
    {
        _options = options;
        _memory = memory;
        _decider = new TacticDecider(tactics, options, memory);
        _deadlines = new CartDeadlines(tactics, options);
        _presence = new Presence(options, _decider, memory);
        _orders = new Orders(options, _decider, memory);
        _contents = new CartContents(options, _presence, _orders, memory);
        _idleWords = $"no activity for {Wording.Span(options.IdleAfterMs)}";
        _exitWords = $"left the shop and did not return for {Wording.Span(options.ExitAfterMs)}";
        _throttleStepUs = Math.Max(1, 1_000_000 / options.ClicksPerSecondMax);
        _throttleSlackUs = _throttleStepUs * (options.ClickBurstMax - 1);
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
            turn.DeadlinesFired++;
            switch (kind)
            {
                case DeadlineKind.Dwell: FireDwell(session, dueMs, turn); break;
                case DeadlineKind.Idle: Abandon(session, dueMs, turn, _idleWords); break;
                case DeadlineKind.Exit: Abandon(session, dueMs, turn, _exitWords); break;
                case DeadlineKind.Offset: FireOffset(session, dueMs, turn); break;
                case DeadlineKind.Lapse: CartLife.Lapse(session, dueMs, turn, _memory); break;
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
            case ClickKind.ProductAdded or ClickKind.WishlistProductAddedToCart: _contents.OnProductAdded(session, click, eventMs, turn); break;
            case ClickKind.ProductRemoved: _contents.OnProductRemoved(session, click, eventMs, turn); break;
            case ClickKind.CartViewed: _contents.OnCartViewed(session, click, eventMs, turn); break;
            case ClickKind.CartCleared: _contents.OnCartCleared(session, click, eventMs, turn); break;
            case ClickKind.CheckoutStarted or ClickKind.CheckoutStepViewed or ClickKind.CheckoutStepCompleted or ClickKind.PaymentInfoEntered:
                _contents.OnCheckout(session, click, eventMs, turn);
                break;
            case ClickKind.OrderCompleted: _orders.OnOrderCompleted(session, click, eventMs, turn); break;
            case ClickKind.PageLeft: _presence.OnPageLeft(session, eventMs, turn); break;
            case ClickKind.Identify or ClickKind.ConsentUpdated: _presence.OnContact(session, click, eventMs, turn); break;
            case ClickKind.CouponEntered or ClickKind.CouponApplied or ClickKind.CouponRemoved: _contents.OnCoupon(session, click, eventMs, turn); break;
            case ClickKind.MessageSent or ClickKind.MessageDelivered or ClickKind.MessageFailed or ClickKind.MessageOpened or ClickKind.MessageClicked:
                _orders.ForgetPending(session, click.ActionId);
                break;
            case ClickKind.OrderUpdated or ClickKind.OrderRefunded or ClickKind.OrderCancelled: break;
            default: _presence.Touch(session, click, eventMs, turn); break;
        }
        if (turn.Verdict is not (Verdict.Applied or Verdict.Reopened))
        {
            return;
        }
        turn.Changed = true;
        if (isOnceOnly)
        {
            session.Messages.Add(click.MessageId, _memory.Messages);
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
        var nowUs = nowMs * 1000;
        var full = session.ThrottleUs > nowUs + _throttleSlackUs + _throttleStepUs ? nowUs : Math.Max(session.ThrottleUs, nowUs);
        if (full - nowUs > _throttleSlackUs)
        {
            return true;
        }
        session.ThrottleUs = full + _throttleStepUs;
        return false;
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
        CartLife.Move(session, CartPhase.Abandoned, dueMs, turn);
        _decider.Tell(ActionKind.CartAbandoned, "cart_abandoned", session, dueMs, turn, reason);
    }
}
