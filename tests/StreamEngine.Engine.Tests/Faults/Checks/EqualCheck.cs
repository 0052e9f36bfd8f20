namespace StreamEngine.Engine.Tests.Faults.Checks;

/// <summary>The result is the expected one, section by section.</summary>
internal static class EqualCheck
{
    private const int ShownMax = 3;

    public static IEnumerable<string> Complaints(StoryResult expected, StoryResult found)
    {
        if (found.NextOffset != expected.NextOffset)
        {
            yield return $"Read up to offset {found.NextOffset}, expected {expected.NextOffset}.";
        }
        foreach (var complaint in Compare("decisions", expected.Decisions, found.Decisions)
            .Concat(Compare("published", expected.Published, found.Published))
            .Concat(Compare("sessions", expected.Sessions, found.Sessions))
            .Concat(Compare("carts", expected.Carts, found.Carts))
            .Concat(Compare("kpis", expected.Kpis, found.Kpis))
            .Concat(Compare("dead letters", expected.DeadLetters, found.DeadLetters)))
        {
            yield return complaint;
        }
    }

    private static IEnumerable<string> Compare(string section, IReadOnlyList<string>? expected, IReadOnlyList<string>? found)
    {
        if (expected is null || found is null || expected.SequenceEqual(found, StringComparer.Ordinal))
        {
            yield break;
        }
        var missing = expected.Except(found, StringComparer.Ordinal).ToList();
        var extra = found.Except(expected, StringComparer.Ordinal).ToList();
        foreach (var line in missing.Take(ShownMax))
        {
            yield return $"Missing in {section}: {line}";
        }
        foreach (var line in extra.Take(ShownMax))
        {
            yield return $"Not expected in {section}: {line}";
        }
        if (missing.Count == 0 && extra.Count == 0)
        {
            yield return $"Other order or repetitions in {section}.";
        }
    }
}
