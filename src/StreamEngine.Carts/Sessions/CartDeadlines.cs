using StreamEngine.Carts.Tactics;

namespace StreamEngine.Carts.Sessions;

/// <summary>What a session waits for, in the order in which things of one instant happen.</summary>
public enum DeadlineKind : byte
{
    None,
    Dwell,
    Idle,
    Exit,
    Offset,
    Lapse,
    End,
}

/// <summary>
/// A session's deadlines are derived from its state, never stored: they cannot disagree with it, survive a crash with it,
/// and need no cancelling. Due times are in shard time.
/// </summary>
public sealed class CartDeadlines(TacticSet tactics, SessionOptions options)
{
    public const long Never = long.MaxValue;

    /// <summary>The earliest deadline; <see cref="Never"/> does not occur: every session ends some day.</summary>
    public long Next(CartSession session, out DeadlineKind kind)
    {
        var due = Never;
        kind = DeadlineKind.None;
        foreach (var tactic in tactics.Dwell(session.Page))
        {
            if (tactic.Source.On.AfterMs > session.DwellDoneMs)
            {
                Consider(session.PageSinceMs + tactic.Source.On.AfterMs, DeadlineKind.Dwell, ref due, ref kind);
                break;
            }
        }
        switch (session.Phase)
        {
            case CartPhase.Carting or CartPhase.Checkout:
                Consider(session.LastActivityMs + options.IdleAfterMs, DeadlineKind.Idle, ref due, ref kind);
                if (session.ExitDueMs > 0)
                {
                    Consider(session.ExitDueMs, DeadlineKind.Exit, ref due, ref kind);
                }
                break;
            case CartPhase.Abandoned:
                foreach (var tactic in tactics.Abandoned)
                {
                    if (tactic.Source.On.AfterMs > session.OffsetDoneMs)
                    {
                        Consider(session.AbandonedMs + tactic.Source.On.AfterMs, DeadlineKind.Offset, ref due, ref kind);
                        break;
                    }
                }
                Consider(session.AbandonedMs + options.RecoveredWithinMs, DeadlineKind.Lapse, ref due, ref kind);
                break;
            default:
                Consider(Math.Max(session.LastActivityMs + options.IdleAfterMs, session.RememberUntilMs), DeadlineKind.End, ref due, ref kind);
                break;
        }
        return due;

        static void Consider(long candidate, DeadlineKind candidateKind, ref long due, ref DeadlineKind kind)
        {
            // Strictly earlier: of one instant the first considered wins, which is the order of DeadlineKind.
            if (candidate < due)
            {
                due = candidate;
                kind = candidateKind;
            }
        }
    }
}
