using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Carts.Sessions;

/// <summary>A purchase closes the cart, whatever its age, and takes back what has not been sent yet.</summary>
internal sealed class Orders(SessionOptions options, TacticDecider decider, SessionMemory memory)
{
    public void OnOrderCompleted(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (click.OrderId != 0 && click.OrderId == session.Extras.LastOrderId)
        {
            turn.Verdict = Verdict.Duplicate;
            return;
        }
        var currency = CartEdit.CurrencyFor(session, click, options);
        var orderMinor = click.ValueE4 >= 0 ? Math.Min(Money.MinorFromE4(click.ValueE4, currency), Money.MinorMax) : session.ValueMinor;
        currency = click.ValueE4 >= 0 ? currency : session.Currency;
        var isRecovered = session.AbandonedMs > 0 && session.HasLiveCart && turn.NowMs < session.AbandonedMs + options.RecoveredWithinMs;
        CancelPending(session, turn);
        if (session.Phase == CartPhase.Abandoned && !isRecovered)
        {
            // The window is over but nobody woke the session for it: its deadlines are set aside.
            CartLife.Lapse(session, session.AbandonedMs + options.RecoveredWithinMs, turn, memory);
        }
        if (isRecovered)
        {
            var recovered = decider.Tell(
                ActionKind.CartRecovered, "cart_recovered", session, turn.NowMs, turn,
                $"ordered for {Money.Format(orderMinor, currency)}, {Wording.Span((turn.NowMs - session.AbandonedMs) / 1000 * 1000)} after the cart was abandoned");
            (recovered.OrderValueMinor, recovered.OrderCurrency) = (orderMinor, currency);
        }
        CartLife.Move(session, isRecovered ? CartPhase.Recovered : CartPhase.Purchased, turn.NowMs, turn, orderMinor, currency);
        ref var extras = ref session.GetExtras(memory);
        extras.BoughtHash = CartEdit.ProductsHash(session.Lines.Span);
        extras.LastOrderId = click.OrderId != 0 ? click.OrderId : extras.LastOrderId;
        session.OrderEventMs = Math.Max(session.OrderEventMs, eventMs);
        session.LastActivityMs = turn.NowMs;
        session.ExitDueMs = 0;
        session.Segment = VisitorSegment.Returning;
        CartLife.EndCart(session, memory);
        decider.Remember(session, turn.NowMs);
    }

    public void ForgetPending(CartSession session, ActionId id)
    {
        if (session.Extras.Pending.Count == 0)
        {
            return;
        }
        ref var pending = ref session.GetExtras(memory).Pending;
        for (var i = pending.Count - 1; i >= 0; i--)
        {
            if (pending.Span[i].Id == id)
            {
                pending.RemoveAt(i);
            }
        }
    }

    public static bool IsPastCart(CartSession session, long eventMs) => session.OrderEventMs > 0 && eventMs <= session.OrderEventMs;

    public bool ShowsWhatWasBought(CartSession session, Click click, long eventMs) =>
        session.Phase is CartPhase.Purchased or CartPhase.Recovered && session.Extras.BoughtHash != 0
        && eventMs <= session.OrderEventMs + options.IdleAfterMs && CartEdit.ProductsHash(click) == session.Extras.BoughtHash;

    private void CancelPending(CartSession session, CartTurn turn)
    {
        if (session.Extras.Pending.Count == 0)
        {
            return;
        }
        ref var pending = ref session.GetExtras(memory).Pending;
        foreach (var action in pending.Span)
        {
            if (action.NotBeforeMs > turn.NowMs)
            {
                decider.Tell(ActionKind.ActionCancelled, $"action_cancelled:{action.Id}", session, turn.NowMs, turn, "bought before it was sent").Cancels = action.Id;
            }
        }
        pending.Release(memory.Pending);
    }
}
