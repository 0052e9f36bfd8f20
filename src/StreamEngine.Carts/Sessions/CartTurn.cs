using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;

namespace StreamEngine.Carts.Sessions;

public readonly record struct PhaseMove(CartPhase From, CartPhase To, int Episode, long ValueMinor, Currency Currency, int LineCount, long AbandonedMs, long AtMs);

/// <summary>Personal data that an identify call brought; nulls leave what is known.</summary>
public sealed record ContactChange(string Ref, string? Email, string? Phone, string? Locale, string? TimeZone);

/// <summary>What one turn of a session brought about. Owned by the shard, reused for every turn.</summary>
public sealed class CartTurn
{
    /// <summary>Of earlier turns. New ones took 0.5 kB a decision, with their reasons and their cart.</summary>
    private readonly List<CartAction> _actions = [];

    /// <summary>Those of this turn, then those of earlier ones.</summary>
    private readonly List<CartSnapshot> _carts = [];
    private int _cartCount;

    /// <summary>Shard time of the turn.</summary>
    public long NowMs { get; private set; }

    /// <summary>The wall clock: only it knows whether an overdue action is still of use.</summary>
    public long WallMs { get; private set; }

    public Verdict Verdict { get; set; }
    public ClickFault Fault { get; set; }

    /// <summary>Emitted and held-back actions, in the order they were decided; until the next turn.</summary>
    public List<CartAction> Actions { get; } = [];
    public List<PhaseMove> Moves { get; } = [];
    public ContactChange? Contact { get; set; }

    public int DeadlinesFired { get; set; }

    /// <summary>State that must be written has changed.</summary>
    public bool Changed { get; set; }

    /// <summary>The session is over: forget it.</summary>
    public bool Ended { get; set; }

    /// <summary>One more decision of this turn, for the caller to fill in.</summary>
    internal CartAction AddAction()
    {
        if (Actions.Count == _actions.Count)
        {
            _actions.Add(new CartAction());
        }
        var action = _actions[Actions.Count];
        action.Clear();
        Actions.Add(action);
        return action;
    }

    /// <summary>The cart for a decision of this turn; decisions that see the same cart share it.</summary>
    internal CartSnapshot CartOf(CartSession session)
    {
        if (_cartCount > 0 && _carts[_cartCount - 1].IsOf(session))
        {
            return _carts[_cartCount - 1];
        }
        if (_cartCount == _carts.Count)
        {
            _carts.Add(new CartSnapshot());
        }
        var cart = _carts[_cartCount++];
        cart.Take(session);
        return cart;
    }

    public void Begin(long nowMs, long wallMs)
    {
        _cartCount = 0;
        NowMs = nowMs;
        WallMs = wallMs;
        Verdict = Verdict.Applied;
        Fault = default;
        Actions.Clear();
        Moves.Clear();
        Contact = null;
        DeadlinesFired = 0;
        Changed = false;
        Ended = false;
    }

    public void Refuse(FaultReason reason, string? field = null)
    {
        Verdict = Verdict.Malformed;
        Fault = new ClickFault(reason, field, 0);
    }
}
