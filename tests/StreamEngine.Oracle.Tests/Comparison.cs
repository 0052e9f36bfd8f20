using System.Text;

namespace StreamEngine.Oracle.Tests;

/// <summary>Runs a story through the engine and the oracle and tells where they disagree.</summary>
public static class Comparison
{
    /// <param name="oracleRules">Other rules than the story's, for oracles that are to be wrong.</param>
    /// <returns>Empty where both say the same; else the differences, a line each.</returns>
    public static string Of(Story story, Func<OracleRules, OracleRules>? oracleRules = null)
    {
        var run = EngineRun.Of(story);
        var rules = RulesOf(story);
        var oracle = new ShopOracle(oracleRules?.Invoke(rules) ?? rules, dueMs => run.Looks.First(look => look >= dueMs));
        var expected = oracle.Play(run.Records, record => record.TimestampMs, run.EndMs, run.Restarts);
        var text = new StringBuilder();
        // Which visitor comes first is nobody's promise; each one's decisions have their order.
        Compare(
            text, "decision",
            [.. expected.Decisions.OrderBy(d => d.Visitor, StringComparer.Ordinal)],
            [.. run.Decisions.OrderBy(d => d.Visitor, StringComparer.Ordinal)]);
        Compare(
            text, "session",
            [.. expected.Endings.Values.Where(e => e.IsDurable).OrderBy(e => e.Visitor, StringComparer.Ordinal)],
            [.. run.Endings.Values.OrderBy(e => e.Visitor, StringComparer.Ordinal)]);
        Compare(text, "dead letter at offset", [.. expected.Verdicts.Where(v => v.Value is "Malformed").Select(v => v.Key)], run.DeadOffsets);
        if (run.VerdictCounts is { } counts)
        {
            Compare(
                text, "verdicts",
                [.. expected.Verdicts.GroupBy(v => v.Value, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}").Order(StringComparer.Ordinal)],
                [.. counts.Select(c => $"{c.Value} {c.Key}").Order(StringComparer.Ordinal)]);
        }
        return text.ToString();
    }

    public static OracleRules RulesOf(Story story) => new()
    {
        Tactics = story.Tactics,
        Store = story.Options.Store,
        Currency = story.Options.Currency.ToString(),
        IdleAfterMs = story.Options.IdleAfterMs,
        ExitAfterMs = story.Options.ExitAfterMs,
        RecoveredWithinMs = story.Options.RecoveredWithinMs,
        RememberForMs = story.Options.RememberForMs,
        CartLinesMax = story.Options.CartLinesMax,
        ClicksPerSecondMax = story.Options.ClicksPerSecondMax,
        ClickBurstMax = story.Options.ClickBurstMax,
    };

    private static void Compare<T>(StringBuilder text, string what, IReadOnlyList<T> expected, IReadOnlyList<T> found)
    {
        for (var i = 0; i < Math.Max(expected.Count, found.Count); i++)
        {
            if (i >= expected.Count || i >= found.Count || !EqualityComparer<T>.Default.Equals(expected[i], found[i]))
            {
                text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{what} {i}:");
                text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"  oracle: {(i < expected.Count ? expected[i] : "nothing")}");
                text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"  engine: {(i < found.Count ? found[i] : "nothing")}");
                return;
            }
        }
    }
}
