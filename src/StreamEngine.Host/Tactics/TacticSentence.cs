using System.Globalization;
using StreamEngine.Carts.Tactics;
using StreamEngine.Host.Tactics.Shapes;
using static StreamEngine.Host.Tactics.TacticWords;

namespace StreamEngine.Host.Tactics;

/// <summary>A tactic in one sentence: the moment and who, then what, then how often.</summary>
public static class TacticSentence
{
    public static string Of(Tactic tactic)
    {
        string[] when = [MomentOf(tactic.On), .. ConditionsOf(tactic.If)];
        string[] what = [ActionOf(tactic), .. LimitsOf(tactic.Limits), .. VariantsOf(tactic), .. InsteadOf(tactic)];
        return $"{string.Join(", ", when)}: {string.Join(", ", what)}";
    }

    private static string MomentOf(Trigger on) => on.Kind switch
    {
        TriggerKind.PageDwell => $"{DurationShape.Write(on.AfterMs)} on the {TacticWords.Of(on.Page)} page",
        TriggerKind.ExitIntent when on.ConfidencePercentMin > 0 => string.Create(CultureInfo.InvariantCulture, $"on exit intent that is at least {on.ConfidencePercentMin} % sure"),
        TriggerKind.ExitIntent => "on exit intent",
        TriggerKind.Event => $"on '{TacticWords.Of(on.Event)}'",
        _ when on.AfterMs == 0 => "as soon as the cart is abandoned",
        _ => $"{DurationShape.Write(on.AfterMs)} after the cart is abandoned",
    };

    private static IEnumerable<string> ConditionsOf(Conditions conditions)
    {
        if (conditions.Phases.Count > 0)
        {
            yield return Join(conditions.Phases.Select(TacticWords.Of), "or");
        }
        if (conditions.Pages.Count > 0)
        {
            yield return $"on a {Join(conditions.Pages.Select(TacticWords.Of), "or")} page";
        }
        if (conditions.ValueMin is not null || conditions.ValueMax is not null)
        {
            yield return ValueOf(conditions);
        }
        if (conditions.Consent.Count > 0)
        {
            yield return $"with consent for {Join(conditions.Consent.Select(TacticWords.Of), "and")}";
        }
        if (conditions.Segments.Count > 0)
        {
            yield return $"{Join(conditions.Segments.Select(TacticWords.Of), "or")} visitors";
        }
        if (conditions.Devices.Count > 0)
        {
            yield return $"on {Join(conditions.Devices.Select(TacticWords.Of), "or")}";
        }
        if (conditions.Locales.Count > 0)
        {
            yield return $"in {Join(conditions.Locales, "or")}";
        }
    }

    private static string ValueOf(Conditions conditions)
    {
        var unit = conditions.Currency.IsNone ? "" : $" {conditions.Currency}";
        return conditions switch
        {
            { ValueMin: { } min, ValueMax: { } max } => string.Create(CultureInfo.InvariantCulture, $"cart of {min} to below {max}{unit}"),
            { ValueMin: { } min } => string.Create(CultureInfo.InvariantCulture, $"cart of {min}{unit} or more"),
            _ => string.Create(CultureInfo.InvariantCulture, $"cart below {conditions.ValueMax}{unit}"),
        };
    }

    private static string ActionOf(Tactic tactic)
    {
        var offer = tactic.Offer is null ? "" : $" with offer {tactic.Offer}";
        var agent = tactic.Agent is null ? "" : $" to {tactic.Agent}";
        var delay = tactic.DelayMs == 0 ? "" : $" after another {DurationShape.Write(tactic.DelayMs)}";
        return $"{TacticWords.Of(tactic.Do)} '{tactic.Template}'{agent}{offer}{delay}";
    }

    private static IEnumerable<string> LimitsOf(Limits limits)
    {
        if (limits.PerCart > 0)
        {
            yield return $"{Times(limits.PerCart)} a cart";
        }
        if (limits.PerVisitor > 0)
        {
            yield return $"{Times(limits.PerVisitor)} a visitor";
        }
        if (limits.WindowCount > 0)
        {
            yield return $"{Times(limits.WindowCount)} in {DurationShape.Write(limits.WindowMs)}";
        }
    }

    private static IEnumerable<string> VariantsOf(Tactic tactic)
    {
        if (tactic.Variants.Count > 0)
        {
            var weights = tactic.Variants.Sum(v => (double)v.Weight);
            yield return $"in variants {Join(tactic.Variants.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Name} ({100 * v.Weight / weights:0.#} %)")), "and")}";
        }
    }

    private static IEnumerable<string> InsteadOf(Tactic tactic)
    {
        if (tactic.Instead.Count > 0)
        {
            yield return $"instead of {Join(tactic.Instead, "and")}";
        }
    }
}
