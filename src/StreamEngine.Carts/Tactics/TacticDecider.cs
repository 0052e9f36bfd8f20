using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;

namespace StreamEngine.Carts.Tactics;

/// <summary>
/// Decides what a triggered tactic does. Where its conditions do not hold it was never meant: nothing happens. Else it acts, or is held back
/// for the first of these reasons: another tactic replaces it, consent, limits, it is too late, hold-out. A held-out visitor
/// counts against the limits as if the action had been sent, so that both groups are exposed alike.
/// </summary>
public sealed class TacticDecider(TacticSet tactics, SessionOptions options, SessionMemory memory)
{
    private readonly CartWords _cartWords = new();

    /// <summary>The same for all actions of a turn: it takes as long as an action's id.</summary>
    private (byte[]? Visitor, string Ref) _contact = (null, "");

    public TacticSet Tactics => tactics;

    public void Decide(CompiledTactic tactic, CartSession session, long dueMs, CartTurn turn)
    {
        if (!tactic.ConditionsHold(session))
        {
            return;
        }
        var held = HeldFor(tactic, session, dueMs, turn, out var replacement);
        ref var counter = ref session.Counters.Of(tactic.Id, memory.Counters);
        if (held is not (HeldReason.None or HeldReason.HoldOut or HeldReason.Expired))
        {
            var bit = (ushort)(1 << (int)held);
            if ((counter.HeldInCart & bit) != 0)
            {
                return;
            }
            counter.HeldInCart |= bit;
        }
        counter.Decisions++;
        if (held is HeldReason.None or HeldReason.HoldOut)
        {
            Count(ref counter, tactic.Source.Limits, dueMs);
        }
        Remember(session, dueMs);
        turn.Changed = true;
        var id = Add(tactic, session, dueMs, held, replacement, counter.Decisions, turn);
        if (held == HeldReason.None && tactic.Source.DelayMs > 0)
        {
            RememberPending(ref session.GetExtras(memory).Pending, new PendingAction(id, dueMs + tactic.Source.DelayMs), dueMs);
        }
    }

    /// <summary>A fact about the cart: always told, whoever the visitor is.</summary>
    public CartAction Tell(ActionKind kind, string tactic, CartSession session, long dueMs, CartTurn turn, string reason)
    {
        var action = turn.AddAction();
        // Tactics count their decisions from 1: one that is named like a fact does not get its id.
        Fill(action, kind, tactic, session, occurrence: 0, turn);
        action.Occurrence = 1;
        (action.DueMs, action.NotBeforeMs, action.ExpiresMs) = (dueMs, dueMs, 0);
        action.Reasons.Add(reason);
        return action;
    }

    public void Remember(CartSession session, long nowMs) =>
        session.RememberUntilMs = Math.Max(session.RememberUntilMs, nowMs + Math.Max(options.RememberForMs, tactics.WindowMsMax));

    /// <summary>Names the visitor's row in the contact table without saying who it is.</summary>
    public string ContactRefOf(ReadOnlySpan<byte> visitor) => ActionId.Of(options.Store, visitor, 0, 0, "contact", 0).ToString("c");

    /// <summary>What its channel may have sent cannot be cancelled: nothing to remember, also where no outcome ever came back.</summary>
    private void RememberPending(ref SlabList<PendingAction> pending, PendingAction added, long dueMs)
    {
        for (var i = pending.Count - 1; i >= 0; i--)
        {
            if (pending.Span[i].NotBeforeMs <= dueMs)
            {
                pending.RemoveAt(i);
            }
        }
        pending.Add(memory.Pending) = added;
    }

    private HeldReason HeldFor(CompiledTactic tactic, CartSession session, long dueMs, CartTurn turn, out CompiledTactic? replacement)
    {
        replacement = null;
        foreach (var other in tactic.ReplacedBy)
        {
            if (other.ConditionsHold(session))
            {
                replacement = other;
                return HeldReason.Replaced;
            }
        }
        var source = tactic.Source;
        if (session.Consents[source.Channel] == ConsentState.Withdrawn)
        {
            return HeldReason.ConsentWithdrawn;
        }
        for (var i = 0; i < source.If.Consent.Count; i++)
        {
            if (session.Consents[source.If.Consent[i]] != ConsentState.Granted)
            {
                return HeldReason.NoConsent;
            }
        }
        if (session.Counters.TryGet(tactic.Id, out var counter))
        {
            var limits = source.Limits;
            if (limits.PerCart > 0 && counter.InCart >= limits.PerCart)
            {
                return HeldReason.LimitPerCart;
            }
            if (limits.PerVisitor > 0 && counter.InSession >= limits.PerVisitor)
            {
                return HeldReason.LimitPerVisitor;
            }
            // Full when the oldest of the last WindowCount times is still inside.
            if (limits.WindowCount > 0 && counter.WindowMs is { } times && times.Length >= limits.WindowCount
                && dueMs - times[^limits.WindowCount] < limits.WindowMs)
            {
                return HeldReason.LimitPerWindow;
            }
        }
        if (turn.WallMs > dueMs + source.ExpiresMs)
        {
            return HeldReason.Expired;
        }
        return tactics.IsHeldOut(session.Visitor) ? HeldReason.HoldOut : HeldReason.None;
    }

    private static void Count(ref TacticCounter counter, Limits limits, long dueMs)
    {
        counter.InCart++;
        counter.InSession++;
        if (limits.WindowCount == 0)
        {
            return;
        }
        var times = counter.WindowMs ?? [];
        if (times.Length < limits.WindowCount)
        {
            Array.Resize(ref times, times.Length + 1);
        }
        else
        {
            times.AsSpan(1).CopyTo(times);
        }
        times[^1] = dueMs;
        counter.WindowMs = times;
    }

    private ActionId Add(CompiledTactic tactic, CartSession session, long dueMs, HeldReason held, CompiledTactic? replacement, int occurrence, CartTurn turn)
    {
        var source = tactic.Source;
        var action = turn.AddAction();
        Fill(action, source.Do, source.Name, session, occurrence, turn);
        action.Held = held;
        var variant = TacticSet.VariantFor(tactic, session.Visitor);
        action.Variant = variant?.Name;
        action.Template = variant?.Template ?? source.Template;
        action.Offer = variant?.Offer ?? source.Offer;
        action.Agent = source.Agent;
        (action.DueMs, action.NotBeforeMs, action.ExpiresMs) = (dueMs, dueMs + source.DelayMs, dueMs + source.ExpiresMs);
        if (held != HeldReason.None)
        {
            action.Reasons.Add(tactic.HeldWords(held, replacement));
        }
        Wording.AddReasons(action.Reasons, tactic, session, _cartWords);
        return action.Id;
    }

    /// <summary>What facts and tactics' actions have alike.</summary>
    private void Fill(CartAction action, ActionKind kind, string tactic, CartSession session, int occurrence, CartTurn turn)
    {
        action.Id = ActionId.Of(options.Store, session.Visitor, session.StartedMs, session.Episode, tactic, occurrence);
        action.Kind = kind;
        action.Visitor = new(session.Visitor);
        action.Episode = session.Episode;
        action.Tactic = tactic;
        action.Occurrence = occurrence;
        action.TacticsVersion = tactics.Version;
        action.Cart = turn.CartOf(session);
        action.ContactRef = ContactRef(session);
        action.Locale = session.Locale;
    }

    private string? ContactRef(CartSession session)
    {
        if (!session.HasEmail && !session.HasPhone)
        {
            return null;
        }
        if (!ReferenceEquals(_contact.Visitor, session.Visitor))
        {
            _contact = (session.Visitor, ContactRefOf(session.Visitor));
        }
        return _contact.Ref;
    }
}
