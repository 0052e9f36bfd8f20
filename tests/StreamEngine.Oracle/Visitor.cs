using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.Oracle;

/// <summary>
/// Plays one visitor's clicks in the order of the partition: before each click all deadlines up to its time, the earliest first. The life of a session as
/// docs/session.md tells it; what lies in the cart is in <see cref="CartRules"/>.
/// </summary>
/// <param name="wallAt">When the engine got to something that was due at a time; null where nothing is judged as late.</param>
internal sealed class Visitor(OracleRules rules, byte[] key, string name, Func<long, long>? wallAt)
{
    private const string Applied = "Applied";
    private const string Stale = "Stale";

    private static readonly string[] DeadlineOrder = ["Dwell", "Idle", "Exit", "Offset", "Lapse", "End"];

    private readonly Draws _draws = new(rules);
    private readonly TacticRules _tactics = new(rules, new Draws(rules));
    private readonly CartRules _carts = new(rules);
    private long _backMs;

    public OracleSession? Session { get; private set; }

    public List<OracleDecision> Told { get; } = [];

    public string Play(TimedRecord timed)
    {
        Wait(timed.ShardMs);
        var (click, timeMs) = (timed.Click, timed.TimeMs);
        var nowMs = Math.Max(timed.ShardMs, timeMs);
        Session ??= new OracleSession(timeMs, rules.Currency) { LastActivityMs = nowMs };
        var eventMs = Math.Min(click.EventMs ?? timeMs, nowMs);
        if (click.Kind is not ("OrderCompleted" or "ConsentUpdated" or "Identify" or "CartCleared") && IsThrottled(nowMs))
        {
            return "Throttled";
        }
        var isHarmfulTwice = click.MessageId is not null && (click.Kind is "ProductAdded" or "ProductRemoved" or "WishlistProductAddedToCart"
            or "ChatMessageReceived" or "OrderCompleted" or "ExitIntentDetected" or "CouponEntered" or "CouponApplied" or "CouponDenied");
        if (isHarmfulTwice && Session.HarmfulTwice.TakeLast(16).Contains(click.MessageId, StringComparer.Ordinal))
        {
            return "Duplicate";
        }
        var verdict = Apply(Session, click, eventMs, nowMs);
        if (verdict is not (Applied or "Reopened"))
        {
            return verdict;
        }
        if (isHarmfulTwice)
        {
            Session.HarmfulTwice.Add(click.MessageId!);
        }
        foreach (var tactic in rules.Tactics.Tactics.Where(t => IsSetOffBy(t, click)))
        {
            Consider(tactic, nowMs);
        }
        return verdict;
    }

    /// <summary>Lets pass the time up to and with <paramref name="untilMs"/>.</summary>
    public void Wait(long untilMs)
    {
        while (Session is { } session)
        {
            var (dueMs, kind) = Deadlines(session).OrderBy(d => d.DueMs).ThenBy(d => Array.IndexOf(DeadlineOrder, d.Kind)).First();
            if (dueMs > untilMs)
            {
                return;
            }
            switch (kind)
            {
                case "Dwell":
                    session.DwellDoneMs = dueMs - session.PageOpenedMs;
                    ConsiderAll(t => IsDwellOn(t, session.Page) && t.On.AfterMs == session.DwellDoneMs, dueMs);
                    break;
                case "Idle" or "Exit":
                    session.Episode++;
                    session.AbandonedMs = dueMs;
                    session.OffsetDoneMs = -1;
                    session.ExitDueMs = null;
                    session.Page = null;
                    session.Phase = "Abandoned";
                    TellFact("cart_abandoned", "cart_abandoned", dueMs);
                    break;
                case "Offset":
                    session.OffsetDoneMs = dueMs - session.AbandonedMs!.Value;
                    ConsiderAll(t => IsOffset(t) && t.On.AfterMs == session.OffsetDoneMs, dueMs);
                    break;
                case "Lapse":
                    session.Phase = "Lapsed";
                    session.EndCart();
                    break;
                default:
                    Session = null;
                    break;
            }
        }
    }

    /// <param name="again">What is read again, of all visitors: not before the engine is back.</param>
    public void Restart(OracleRestart restart, IEnumerable<TimedRecord> again)
    {
        Wait(restart.AtMs);
        _backMs = restart.BackMs;
        if (Session is { IsDurable: true })
        {
            return;
        }
        Session = null;
        foreach (var timed in again.Where(t => t.Record.Key.AsSpan().SequenceEqual(key)))
        {
            Play(timed);
        }
    }

    private IEnumerable<(long DueMs, string Kind)> Deadlines(OracleSession session)
    {
        foreach (var tactic in rules.Tactics.Tactics.Where(t => IsDwellOn(t, session.Page) && t.On.AfterMs > session.DwellDoneMs))
        {
            yield return (session.PageOpenedMs + tactic.On.AfterMs, "Dwell");
        }
        switch (session.Phase)
        {
            case "Carting" or "Checkout":
                yield return (session.LastActivityMs + rules.IdleAfterMs, "Idle");
                if (session.ExitDueMs is { } exitMs)
                {
                    yield return (exitMs, "Exit");
                }
                break;
            case "Abandoned":
                var abandonedMs = session.AbandonedMs!.Value;
                foreach (var tactic in rules.Tactics.Tactics.Where(t => IsOffset(t) && t.On.AfterMs > session.OffsetDoneMs))
                {
                    yield return (abandonedMs + tactic.On.AfterMs, "Offset");
                }
                yield return (abandonedMs + rules.RecoveredWithinMs, "Lapse");
                break;
            default:
                yield return (Math.Max(session.LastActivityMs + rules.IdleAfterMs, session.RememberUntilMs), "End");
                break;
        }
    }

    private string Apply(OracleSession session, OracleClick click, long eventMs, long nowMs)
    {
        switch (click.Kind)
        {
            case "OrderCompleted":
                return Order(session, click, eventMs, nowMs);
            case "Identify" or "ConsentUpdated":
                return LearnContact(session, click, eventMs, nowMs);
            case "MessageSent" or "MessageDelivered" or "MessageFailed" or "MessageOpened" or "MessageClicked":
                session.Waiting.RemoveAll(w => string.Equals(w.Id, click.ActionId, StringComparison.OrdinalIgnoreCase));
                return Applied;
            case "OrderUpdated" or "OrderRefunded" or "OrderCancelled":
                return Applied;
            case "PageLeft":
                return Leave(session, eventMs, nowMs);
        }
        if (_carts.Refuses(session, click, eventMs) is { } verdict)
        {
            return verdict;
        }
        verdict = Notice(session, click, eventMs, nowMs);
        if (verdict is not Stale)
        {
            _carts.Change(session, click, eventMs);
        }
        return verdict;
    }

    /// <summary>Activity: what any click of a visitor who is here does.</summary>
    private string Notice(OracleSession session, OracleClick click, long eventMs, long nowMs)
    {
        var isLate = eventMs < session.NewestEventMs;
        var verdict = Applied;
        if (session.Phase is "Abandoned")
        {
            if (isLate)
            {
                return Stale;
            }
            if (click.Kind is "Heartbeat")
            {
                return Applied;
            }
            session.Phase = "Carting";
            verdict = "Reopened";
        }
        session.LastActivityMs = nowMs;
        session.NewestEventMs = Math.Max(session.NewestEventMs, eventMs);
        session.Device = click.Device ?? session.Device;
        session.Locale = click.Locale ?? session.Locale;
        session.ExitDueMs = isLate && session.ExitDueMs > nowMs ? session.ExitDueMs : null;
        if (isLate)
        {
            return verdict;
        }
        if (click.Page is not null && (click.Kind is "Page" || !string.Equals(click.Page, session.Page, StringComparison.Ordinal)))
        {
            session.Page = click.Page;
            session.PageOpenedMs = nowMs;
            session.DwellDoneMs = -1;
            session.Phase = click.Page is "Cart" && session.Phase is "Checkout" ? "Carting" : session.Phase;
        }
        return verdict;
    }

    private string Leave(OracleSession session, long eventMs, long nowMs)
    {
        if (eventMs < session.NewestEventMs)
        {
            return Stale;
        }
        session.NewestEventMs = eventMs;
        session.Page = null;
        if (session.Phase is not "Abandoned")
        {
            session.LastActivityMs = nowMs;
            session.ExitDueMs = nowMs + rules.ExitAfterMs;
        }
        return Applied;
    }

    private string Order(OracleSession session, OracleClick click, long eventMs, long nowMs)
    {
        if (click.OrderId is not null && string.Equals(click.OrderId, session.LastOrderId, StringComparison.Ordinal))
        {
            return "Duplicate";
        }
        foreach (var waiting in session.Waiting.Where(w => w.NotBeforeMs > nowMs))
        {
            TellFact("action_cancelled", $"action_cancelled:{waiting.Id}", nowMs);
        }
        session.Waiting.Clear();
        var isRecovered = session.AbandonedMs is not null && nowMs < session.AbandonedMs + rules.RecoveredWithinMs;
        if (isRecovered)
        {
            TellFact("cart_recovered", "cart_recovered", nowMs);
        }
        session.Phase = isRecovered ? "Recovered" : "Purchased";
        session.Bought = [.. session.Items.Select(i => i.Product).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        session.OrderEventMs = Math.Max(session.OrderEventMs ?? 0, eventMs);
        session.LastOrderId = click.OrderId ?? session.LastOrderId;
        session.LastActivityMs = nowMs;
        session.ExitDueMs = null;
        session.Segment = "Returning";
        session.EndCart();
        Remember(nowMs);
        return Applied;
    }

    private string LearnContact(OracleSession session, OracleClick click, long eventMs, long nowMs)
    {
        var news = click.Consents.Where(c => !c.Value || eventMs >= session.WithdrawnMs.GetValueOrDefault(c.Key)).ToList();
        if (click.Kind is "ConsentUpdated" && news.Count == 0)
        {
            return Stale;
        }
        foreach (var (channel, yes) in news)
        {
            session.Consents[channel] = yes;
            if (!yes)
            {
                session.WithdrawnMs[channel] = Math.Max(eventMs, session.WithdrawnMs.GetValueOrDefault(channel));
            }
        }
        session.Locale = click.Locale ?? session.Locale;
        if (click.OrderCount is not null || click.LastOrderAtMs is not null)
        {
            session.Segment = nowMs - click.LastOrderAtMs > 180 * 86_400_000L ? "Dormant"
                : click.OrderCount > 0 || click.LastOrderAtMs is not null ? "Returning"
                : "New";
        }
        if (click.TellsContact || news.Count > 0)
        {
            Remember(nowMs);
        }
        return Applied;
    }

    private bool IsThrottled(long nowMs)
    {
        var clickUs = 1_000_000 / rules.ClicksPerSecondMax;
        var fullUs = (long)clickUs * rules.ClickBurstMax;
        var (us, atMs) = Session!.Bucket ?? (fullUs, nowMs);
        var level = Math.Min(fullUs, us + Math.Max(0, nowMs - atMs) * 1000);
        var isThrottled = level < clickUs;
        Session.Bucket = (isThrottled ? level : level - clickUs, nowMs);
        return isThrottled;
    }

    private void ConsiderAll(Func<Tactic, bool> isMeant, long dueMs)
    {
        foreach (var tactic in rules.Tactics.Tactics.Where(isMeant))
        {
            Consider(tactic, dueMs);
        }
    }

    private void Consider(Tactic tactic, long dueMs)
    {
        var session = Session!;
        var held = _tactics.Judge(tactic, session, key, dueMs, wallAt?.Invoke(Math.Max(dueMs, _backMs)));
        if (held is null)
        {
            return;
        }
        var before = session.Decisions.Where(d => string.Equals(d.Tactic, tactic.Name, StringComparison.Ordinal)).ToList();
        var isOnceACart = held is not ("" or "HoldOut" or "Expired");
        if (isOnceACart && before.Exists(d => d.Cart == session.Cart && string.Equals(d.Held, held, StringComparison.Ordinal)))
        {
            return;
        }
        session.Decisions.Add(new PastDecision(tactic.Name, session.Cart, held, dueMs));
        Remember(dueMs);
        var id = _draws.IdOf(key, session.StartedMs, session.Episode, tactic.Name, before.Count + 1);
        var variant = _draws.VariantOf(tactic, key);
        var action = tactic.Do switch
        {
            ActionKind.ChatPrompt => "chat_prompt",
            ActionKind.SmsReminder => "sms_reminder",
            ActionKind.Email => "email",
            _ => "vip_escalation",
        };
        Tell(id, action, tactic.Name, before.Count + 1, held, dueMs, dueMs + tactic.DelayMs, dueMs + tactic.ExpiresMs, variant?.Name, variant?.Template ?? tactic.Template,
            variant?.Offer ?? tactic.Offer);
        if (held is "" && tactic.DelayMs > 0)
        {
            session.Waiting.Add(new WaitingAction(id, dueMs + tactic.DelayMs));
        }
    }

    private void TellFact(string action, string tactic, long atMs) => Tell(
        _draws.IdOf(key, Session!.StartedMs, Session.Episode, tactic, 0), action, tactic, 1, "", atMs, atMs, 0, null, null, null);

    private void Tell(
        string id, string action, string tactic, int occurrence, string held, long dueMs, long notBeforeMs, long expiresMs, string? variant, string? template, string? offer) =>
        Told.Add(new OracleDecision(id, name, action, tactic, Session!.Episode, occurrence, held, dueMs, notBeforeMs, expiresMs, variant ?? "", template ?? "", offer ?? "",
            Session.Phase, Session.ValueMinor, Session.Currency, Session.Lines));

    private void Remember(long nowMs)
    {
        var longestWindowMs = rules.Tactics.Tactics.Select(t => t.Limits.WindowMs).DefaultIfEmpty(0).Max();
        Session!.RememberUntilMs = Math.Max(Session.RememberUntilMs, nowMs + Math.Max(rules.RememberForMs, longestWindowMs));
    }

    private static bool IsSetOffBy(Tactic tactic, OracleClick click) => tactic.On.Kind switch
    {
        TriggerKind.ExitIntent => click.Kind is "ExitIntentDetected" && (click.ConfidencePercent ?? 100) >= tactic.On.ConfidencePercentMin,
        TriggerKind.Event => string.Equals(tactic.On.Event.ToString(), click.Kind, StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsDwellOn(Tactic tactic, string? page) =>
        tactic.On.Kind == TriggerKind.PageDwell && string.Equals(tactic.On.Page.ToString(), page, StringComparison.Ordinal);

    private static bool IsOffset(Tactic tactic) => tactic.On.Kind == TriggerKind.Abandoned;
}
