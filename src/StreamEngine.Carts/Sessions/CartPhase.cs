namespace StreamEngine.Carts.Sessions;

/// <summary>
/// <code>
///                 add              checkout
///   Browsing ----------> Carting ----------> Checkout
///      ^  ^                |  ^                 |  |
///      |  +--- emptied ----+  +-- back to cart -+  |    purchase       +-----------+
///      |                   |                    |  | ----------------> | Purchased |
///      |                   |                    |  | no open episode   +-----------+
///      +-------- emptied --(--------------------+  |
///                          |                       |    purchase       +-----------+
///                          +-----------+-----------+ ----------------> | Recovered |
///                       idle or exit   |   ^         in an episode     +-----------+
///                                      v   | returned (Reopened)             ^
///                                   Abandoned -------------------------------+
///                                      |            window over        +-----------+
///                                      +-----------------------------> |  Lapsed   |
///                                                                      +-----------+
/// </code>
/// A purchase closes from everywhere. From Purchased, Recovered and Lapsed a new cart starts over at Carting or Checkout.
/// A quote or a booking walks the same way under other event names.
/// </summary>
public enum CartPhase : byte
{
    Browsing,
    Carting,
    Checkout,
    Purchased,
    Abandoned,
    Recovered,
    Lapsed,
}

/// <summary>The one table of allowed moves.</summary>
public static class CartMoves
{
    public const int PhaseCount = 7;

    private static readonly byte[] AllowedTo = Build();

    public static bool IsAllowed(CartPhase from, CartPhase to) => (AllowedTo[(int)from] & (1 << (int)to)) != 0;

    /// <exception cref="SessionCorruptException">The table does not allow the move.</exception>
    public static void Require(CartPhase from, CartPhase to)
    {
        if (!IsAllowed(from, to))
        {
            throw new SessionCorruptException($"A session cannot move from {from} to {to}.");
        }
    }

    private static byte[] Build()
    {
        var allowed = new byte[PhaseCount];
        Allow(CartPhase.Browsing, CartPhase.Carting, CartPhase.Checkout, CartPhase.Purchased);
        Allow(CartPhase.Carting, CartPhase.Browsing, CartPhase.Checkout, CartPhase.Purchased, CartPhase.Recovered, CartPhase.Abandoned);
        Allow(CartPhase.Checkout, CartPhase.Browsing, CartPhase.Carting, CartPhase.Purchased, CartPhase.Recovered, CartPhase.Abandoned);
        Allow(CartPhase.Abandoned, CartPhase.Carting, CartPhase.Recovered, CartPhase.Lapsed);
        Allow(CartPhase.Purchased, CartPhase.Carting, CartPhase.Checkout, CartPhase.Purchased);
        Allow(CartPhase.Recovered, CartPhase.Carting, CartPhase.Checkout, CartPhase.Purchased);
        Allow(CartPhase.Lapsed, CartPhase.Carting, CartPhase.Checkout, CartPhase.Purchased);
        return allowed;

        void Allow(CartPhase from, params ReadOnlySpan<CartPhase> targets)
        {
            foreach (var to in targets)
            {
                allowed[(int)from] |= (byte)(1 << (int)to);
            }
        }
    }
}

/// <summary>A move that the table does not allow: a bug. The shard reads its sessions back from its log and sets the message aside.</summary>
public sealed class SessionCorruptException : Exception
{
    public SessionCorruptException()
    {
    }

    public SessionCorruptException(string message)
        : base(message)
    {
    }

    public SessionCorruptException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
