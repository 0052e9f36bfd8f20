namespace StreamEngine.Carts.Sessions;

/// <summary>What one tactic has done for one visitor. Found by a hash of the tactic's name, so that a new version of the file keeps its counts.</summary>
public struct TacticCounter
{
    public uint Tactic;

    /// <summary>Sent or recorded as held back: the occurrence in the next action's id is one more.</summary>
    public int Decisions;
    public int InCart;
    public int InSession;

    /// <summary>One bit a held reason: each is recorded once a cart, or a hundred exit intents would be a hundred rows.</summary>
    public ushort HeldInCart;

    /// <summary>The latest times it acted, oldest first; as many as a window limit asks for. Null without one.</summary>
    public long[]? WindowMs;
}

public struct TacticCounters
{
    private TacticCounter[]? _counters;

    public readonly ReadOnlySpan<TacticCounter> Span => _counters;

    public readonly bool IsEmpty => _counters is null;

    public ref TacticCounter Of(uint tactic)
    {
        for (var i = 0; i < (_counters?.Length ?? 0); i++)
        {
            if (_counters![i].Tactic == tactic)
            {
                return ref _counters[i];
            }
        }
        Array.Resize(ref _counters, (_counters?.Length ?? 0) + 1);
        _counters[^1].Tactic = tactic;
        return ref _counters[^1];
    }

    public readonly bool TryGet(uint tactic, out TacticCounter counter)
    {
        foreach (ref readonly var candidate in Span)
        {
            if (candidate.Tactic == tactic)
            {
                counter = candidate;
                return true;
            }
        }
        counter = default;
        return false;
    }

    /// <summary>The cart is over: per-cart limits start anew.</summary>
    public readonly void StartNewCart()
    {
        for (var i = 0; i < (_counters?.Length ?? 0); i++)
        {
            _counters![i].InCart = 0;
            _counters[i].HeldInCart = 0;
        }
    }
}
