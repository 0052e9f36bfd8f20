using System.Globalization;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;

namespace StreamEngine.Carts.Tactics;

/// <summary>The sentences in an action's reason list: what a retailer reads when asking "why?".</summary>
internal static class Wording
{
    private static readonly string[] ConsentWords = [.. Enum.GetValues<Channel>().Select(static channel => $"consent given for {Word(channel)}")];

    public static void AddReasons(List<string> reasons, CompiledTactic tactic, CartSession session, CartWords cartWords)
    {
        reasons.Add(tactic.TriggerWords);
        if (session.HasLiveCart)
        {
            reasons.Add(cartWords.Of(session));
        }
        reasons.AddRange(tactic.ValueWords.AsSpan());
        var consents = tactic.Source.If.Consent;
        // By index: the enumerator of a list that is known by its interface is an object.
        for (var i = 0; i < consents.Count; i++)
        {
            if (session.Consents[consents[i]] == ConsentState.Granted)
            {
                reasons.Add(ConsentWords[(int)consents[i]]);
            }
        }
    }

    public static string[] OfValueRange(Conditions conditions)
    {
        var words = new List<string>();
        if (conditions.ValueMin is { } min)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"value is at least {min:0.##}"));
        }
        if (conditions.ValueMax is { } max)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"value is below {max:0.##}"));
        }
        return [.. words];
    }

    public static string Held(HeldReason reason, CompiledTactic tactic, CompiledTactic? replacement)
    {
        var limits = tactic.Source.Limits;
        return reason switch
        {
            HeldReason.HoldOut => "held back: the visitor belongs to the hold-out group",
            HeldReason.LimitPerCart => $"held back: already acted {Times(limits.PerCart)} for this cart",
            HeldReason.LimitPerVisitor => $"held back: already acted {Times(limits.PerVisitor)} for this visitor",
            HeldReason.LimitPerWindow => $"held back: already acted {Times(limits.WindowCount)} within {Span(limits.WindowMs)}",
            HeldReason.NoConsent => $"held back: no consent for {string.Join(", ", tactic.Source.If.Consent.Select(Word))}",
            HeldReason.ConsentWithdrawn => $"held back: consent for {Word(tactic.Source.Channel)} was withdrawn",
            HeldReason.Expired => $"held back: overdue by more than {Span(tactic.Source.ExpiresMs)}, of no use any more",
            HeldReason.Replaced => $"held back: '{replacement!.Source.Name}' acts instead",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };
    }

    public static string Of(CartSession cart) => string.Create(
        CultureInfo.InvariantCulture,
        $"cart of {cart.Lines.Count} {(cart.Lines.Count == 1 ? "line" : "lines")} worth {Money.Format(cart.ValueMinor, cart.Currency)}");

    public static string Span(long ms) => ms switch
    {
        _ when ms > 0 && ms % 86_400_000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{ms / 86_400_000} d"),
        _ when ms > 0 && ms % 3_600_000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{ms / 3_600_000} h"),
        _ when ms > 0 && ms % 60_000 == 0 => string.Create(CultureInfo.InvariantCulture, $"{ms / 60_000} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.###} s"),
    };

    public static string Of(Trigger on) => on.Kind switch
    {
        TriggerKind.PageDwell => $"looked at the {on.Page.ToString().ToLowerInvariant()} page for {Span(on.AfterMs)}",
        TriggerKind.ExitIntent => "showed exit intent",
        TriggerKind.Event => $"event {on.Event}",
        TriggerKind.Abandoned when on.AfterMs == 0 => "cart abandoned",
        _ => $"cart abandoned {Span(on.AfterMs)} ago",
    };

    private static string Times(int count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    private static string Word(Channel channel) => channel switch
    {
        Channel.Sms => "SMS",
        Channel.Email => "e-mail",
        _ => channel.ToString().ToLowerInvariant(),
    };
}
