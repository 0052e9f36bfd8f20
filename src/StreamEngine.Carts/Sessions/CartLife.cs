namespace StreamEngine.Carts.Sessions;

/// <summary>How a session goes from phase to phase: every move is one of the table, and is told to the turn.</summary>
internal static class CartLife
{
    /// <summary>The first product, or a step forward: from Browsing and from every closed phase a cart begins.</summary>
    public static void OpenCart(CartSession session, CartPhase phase, CartTurn turn)
    {
        var target = session.Phase == CartPhase.Checkout ? CartPhase.Checkout : phase;
        if (session.Phase != target)
        {
            Move(session, target, turn.NowMs, turn);
        }
    }

    public static void EmptyCart(CartSession session, CartTurn turn)
    {
        if (session.Phase is CartPhase.Carting or CartPhase.Checkout)
        {
            Move(session, CartPhase.Browsing, turn.NowMs, turn);
            EndCart(session);
        }
    }

    public static void EndCart(CartSession session)
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

    public static void Lapse(CartSession session, long dueMs, CartTurn turn)
    {
        Move(session, CartPhase.Lapsed, dueMs, turn);
        EndCart(session);
    }

    public static void Move(CartSession session, CartPhase to, long atMs, CartTurn turn) =>
        Move(session, to, atMs, turn, session.ValueMinor, session.Currency);

    public static void Move(CartSession session, CartPhase to, long atMs, CartTurn turn, long valueMinor, Currency currency)
    {
        CartMoves.Require(session.Phase, to);
        turn.Moves.Add(new PhaseMove(session.Phase, to, session.Episode, valueMinor, currency, session.Lines.Count, session.AbandonedMs, atMs));
        session.Phase = to;
    }
}
