using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Carts.Sessions;

/// <summary>A purchase closes the cart, whatever its age, and takes back what has not been sent yet.</summary>
internal sealed class Orders(SessionOptions options, TacticDecider decider)
{
    public void OnOrderCompleted(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        if (click.OrderId != 0 && click.OrderId == session.LastOrderId)
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
            CartLife.Lapse(session, session.AbandonedMs + options.RecoveredWithinMs, turn);
        }
        if (isRecovered)
        {
            var recovered = decider.Tell(
                ActionKind.CartRecovered, "cart_recovered", session, turn.NowMs, turn,
                $"ordered for {Money.Format(orderMinor, currency)}, {Wording.Span((turn.NowMs - session.AbandonedMs) / 1000 * 1000)} after the cart was abandoned");
            (recovered.OrderValueMinor, recovered.OrderCurrency) = (orderMinor, currency);
        }
        CartLife.Move(session, isRecovered ? CartPhase.Recovered : CartPhase.Purchased, turn.NowMs, turn, orderMinor, currency);
        session.BoughtHash = CartEdit.ProductsHash(session.Lines.Span);
        session.OrderEventMs = Math.Max(session.OrderEventMs, eventMs);
        session.LastOrderId = click.OrderId != 0 ? click.OrderId : session.LastOrderId;
        session.LastActivityMs = turn.NowMs;
        session.ExitDueMs = 0;
        session.Segment = VisitorSegment.Returning;
        CartLife.EndCart(session);
        decider.Remember(session, turn.NowMs);
    }

    // A loop, not a lambda: a closure over the click would be allocated for every click of any kind.
    public static void ForgetPending(CartSession session, ActionId id)
    {
        var pending = session.Extras?.Pending;
        for (var i = (pending?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (pending![i].Id == id)
            {
                pending.RemoveAt(i);
            }
        }
    }

    public static bool IsPastCart(CartSession session, long eventMs) => session.OrderEventMs > 0 && eventMs <= session.OrderEventMs;

    public bool ShowsWhatWasBought(CartSession session, Click click, long eventMs) =>
        session.Phase is CartPhase.Purchased or CartPhase.Recovered && session.BoughtHash != 0
        && eventMs <= session.OrderEventMs + options.IdleAfterMs && CartEdit.ProductsHash(click) == session.BoughtHash;

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
                decider.Tell(ActionKind.ActionCancelled, $"action_cancelled:{action.Id}", session, turn.NowMs, turn, "bought before it was sent").Cancels = action.Id;
            }
        }
        session.Extras.Pending = null;
    }
}
