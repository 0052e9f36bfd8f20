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
    private SlabList<TacticCounter> _counters;

    public readonly ReadOnlySpan<TacticCounter> Span => _counters.Span;

    public readonly void Expect() => _counters.Expect();

    /// <summary>The tactic's, a new one where it has done nothing yet. Of no use after the next new one.</summary>
    public ref TacticCounter Of(uint tactic, Slab<TacticCounter> slab)
    {
        foreach (ref var known in _counters.Span)
        {
            if (known.Tactic == tactic)
            {
                return ref known;
            }
        }
        ref var added = ref _counters.Add(slab);
        added.Tactic = tactic;
        return ref added;
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
        foreach (ref var counter in _counters.Span)
        {
            counter.InCart = 0;
            counter.HeldInCart = 0;
        }
    }

    public void Clear(Slab<TacticCounter> slab) => _counters.Release(slab);
}
