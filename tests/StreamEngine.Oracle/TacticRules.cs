using StreamEngine.Carts.Tactics;

namespace StreamEngine.Oracle;

/// <summary>Whether a tactic whose moment has come acts, is held back, or was never meant: docs/tactics.md.</summary>
internal sealed class TacticRules(OracleRules rules, Draws draws)
{
    /// <param name="wallMs">When the engine got to it; null where nothing is judged as late.</param>
    /// <returns>Null where the conditions do not hold, "" for an action, else the reason.</returns>
    public string? Judge(Tactic tactic, OracleSession session, byte[] visitor, long dueMs, long? wallMs)
    {
        if (!Holds(tactic, session))
        {
            return null;
        }
        if (rules.Tactics.Tactics.Any(other => other.Instead.Contains(tactic.Name, StringComparer.Ordinal) && Holds(other, session)))
        {
            return "Replaced";
        }
        if (session.Consents.TryGetValue(tactic.Channel.ToString(), out var yes) && !yes)
        {
            return "ConsentWithdrawn";
        }
        if (tactic.If.Consent.Any(channel => !session.Consents.GetValueOrDefault(channel.ToString())))
        {
            return "NoConsent";
        }
        var acted = session.Decisions.Where(d => d.Counts && string.Equals(d.Tactic, tactic.Name, StringComparison.Ordinal)).ToList();
        var limits = tactic.Limits;
        if (limits.PerCart > 0 && acted.Count(d => d.Cart == session.Cart) >= limits.PerCart)
        {
            return "LimitPerCart";
        }
        if (limits.PerVisitor > 0 && acted.Count >= limits.PerVisitor)
        {
            return "LimitPerVisitor";
        }
        if (limits.WindowCount > 0 && acted.Count(d => dueMs - d.DueMs < limits.WindowMs) >= limits.WindowCount)
        {
            return "LimitPerWindow";
        }
        if (wallMs > dueMs + tactic.ExpiresMs)
        {
            return "Expired";
        }
        return draws.IsHeldOut(visitor) ? "HoldOut" : "";
    }

    private bool Holds(Tactic tactic, OracleSession session)
    {
        var asked = tactic.If;
        var phaseHolds = asked.Phases.Count == 0 ? session.Phase is not ("Purchased" or "Recovered") : asked.Phases.Any(p => Is(p, session.Phase));
        return phaseHolds
            && (asked.Pages.Count == 0 || asked.Pages.Any(p => Is(p, session.Page ?? "None")))
            && (asked.Segments.Count == 0 || asked.Segments.Any(s => Is(s, session.Segment)))
            && (asked.Devices.Count == 0 || asked.Devices.Any(d => Is(d, session.Device)))
            && (asked.Locales.Count == 0 || asked.Locales.Any(l => SpeaksLike(session.Locale, l)))
            && ValueHolds(asked, session);

        static bool Is<T>(T asked, string found)
            where T : struct, Enum => string.Equals(asked.ToString(), found, StringComparison.Ordinal);
    }

    private bool ValueHolds(Conditions asked, OracleSession session)
    {
        if (asked.ValueMin is null && asked.ValueMax is null)
        {
            return true;
        }
        var currency = asked.Currency.IsNone ? rules.Currency : asked.Currency.ToString();
        return string.Equals(session.Currency, currency, StringComparison.Ordinal)
            && (asked.ValueMin is not { } min || session.ValueMinor >= Currencies.Minor(min, currency))
            && (asked.ValueMax is not { } max || session.ValueMinor < Currencies.Minor(max, currency));
    }

    private static bool SpeaksLike(string? locale, string asked) =>
        locale is not null && (string.Equals(locale, asked, StringComparison.OrdinalIgnoreCase)
            || locale.StartsWith(asked + "-", StringComparison.OrdinalIgnoreCase) || locale.StartsWith(asked + "_", StringComparison.OrdinalIgnoreCase));
}
