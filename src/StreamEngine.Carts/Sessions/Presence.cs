using System.Text;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Carts.Sessions;

/// <summary>That a visitor is here, where, and who it is: activity, page, farewell, contact.</summary>
internal sealed class Presence(SessionOptions options, TacticDecider decider, SessionMemory memory)
{
    /// <summary>
    /// The visitor does something: idle and exit start anew, an abandoned cart is open again. A click that comes late tells of the past:
    /// it opens nothing and turns no page.
    /// </summary>
    public bool Touch(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        var isLate = eventMs < session.LastEventMs;
        if (session.Phase == CartPhase.Abandoned)
        {
            if (isLate || click.Kind == ClickKind.Heartbeat)
            {
                turn.Verdict = isLate ? Verdict.Stale : Verdict.Applied;
                return !isLate;
            }
            CartLife.Move(session, CartPhase.Carting, turn.NowMs, turn);
            turn.Verdict = Verdict.Reopened;
        }
        session.LastActivityMs = turn.NowMs;
        // A farewell stays one for a click from before it, unless its deadline went by while there was nothing to abandon.
        session.ExitDueMs = isLate && session.ExitDueMs > turn.NowMs ? session.ExitDueMs : 0;
        session.LastEventMs = Math.Max(session.LastEventMs, eventMs);
        if (click.Device != Device.Unknown)
        {
            session.Device = click.Device;
        }
        KeepLocale(session, click);
        if (!isLate && click.Page != PageType.None && (click.Kind == ClickKind.Page || click.Page != session.Page))
        {
            session.Page = click.Page;
            session.PageSinceMs = turn.NowMs;
            session.DwellDoneMs = -1;
            if (click.Page == PageType.Cart && session.Phase == CartPhase.Checkout)
            {
                CartLife.Move(session, CartPhase.Carting, turn.NowMs, turn);
            }
        }
        return true;
    }

    public void OnPageLeft(CartSession session, long eventMs, CartTurn turn)
    {
        // The old page's farewell often arrives after the new page's greeting.
        if (eventMs < session.LastEventMs)
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        session.LastEventMs = eventMs;
        session.Page = PageType.None;
        if (session.Phase != CartPhase.Abandoned)
        {
            session.LastActivityMs = turn.NowMs;
            session.ExitDueMs = turn.NowMs + options.ExitAfterMs;
        }
    }

    public void OnContact(CartSession session, Click click, long eventMs, CartTurn turn)
    {
        var saysNews = TakeConsents(session, click.Consents, eventMs);
        if (!saysNews && click.Kind == ClickKind.ConsentUpdated)
        {
            turn.Verdict = Verdict.Stale;
            return;
        }
        session.HasEmail |= !click.Email.IsAbsent;
        session.HasPhone |= !click.Phone.IsAbsent;
        KeepLocale(session, click);
        if (click.OrderCount >= 0 || click.LastOrderAtMs > 0)
        {
            var isDormant = click.LastOrderAtMs > 0 && turn.NowMs - click.LastOrderAtMs > 180 * 86_400_000L;
            session.Segment = isDormant ? VisitorSegment.Dormant
                : click.OrderCount > 0 || click.LastOrderAtMs > 0 ? VisitorSegment.Returning
                : VisitorSegment.New;
        }
        if (!click.TimeZone.IsAbsent)
        {
            session.GetExtras(memory).TimeZone = memory.Texts.Get(click.Text(click.TimeZone));
        }
        var tellsContact = !click.Email.IsAbsent || !click.Phone.IsAbsent;
        if (tellsContact || saysNews)
        {
            decider.Remember(session, turn.NowMs);
        }
        if (tellsContact)
        {
            turn.Contact = new ContactChange(
                decider.ContactRefOf(session.Visitor), Text(click.Email), Text(click.Phone), Text(click.Locale), Text(click.TimeZone));
        }

        string? Text(TextRange range) => range.IsAbsent ? null : Encoding.UTF8.GetString(click.Text(range));
    }

    /// <summary>A no counts however late it comes, like an order; a yes from before the no would have us write to somebody who does not want it.</summary>
    /// <returns>True where any channel's consent was taken.</returns>
    private bool TakeConsents(CartSession session, ConsentSet said, long eventMs)
    {
        var isAny = false;
        for (var channel = Channel.Chat; channel <= Channel.Agent; channel++)
        {
            var state = said[channel];
            if (state == ConsentState.Unknown || (state == ConsentState.Granted && session.Extras.Withdrawals.IsAfter(channel, eventMs)))
            {
                continue;
            }
            session.Consents = session.Consents.With(channel, state);
            isAny = true;
            if (state == ConsentState.Withdrawn)
            {
                session.GetExtras(memory).Withdrawals.Note(channel, eventMs);
            }
        }
        return isAny;
    }

    public void KeepLocale(CartSession session, Click click)
    {
        if (!click.Locale.IsAbsent && !click.Text(click.Locale).SequenceEqual(session.Locale))
        {
            session.Locale = memory.Texts.Get(click.Text(click.Locale));
        }
    }
}
