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

    public static void EmptyCart(CartSession session, CartTurn turn, SessionMemory memory)
    {
        if (session.Phase is CartPhase.Carting or CartPhase.Checkout)
        {
            Move(session, CartPhase.Browsing, turn.NowMs, turn);
            EndCart(session, memory);
        }
    }

    public static void EndCart(CartSession session, SessionMemory memory)
    {
        session.Lines.Clear(memory.Lines);
        session.StatedValueMinor = -1;
        session.AbandonedMs = 0;
        session.OffsetDoneMs = -1;
        session.Counters.StartNewCart();
        if (session.HasExtras)
        {
            ref var extras = ref session.GetExtras(memory);
            extras.CartId.Release(memory.Bytes);
            extras.CheckoutId.Release(memory.Bytes);
            extras.Coupon = null;
        }
    }

    public static void Lapse(CartSession session, long dueMs, CartTurn turn, SessionMemory memory)
    {
        Move(session, CartPhase.Lapsed, dueMs, turn);
        EndCart(session, memory);
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
