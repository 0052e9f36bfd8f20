using StreamEngine.Oracle;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults.Checks;

/// <summary>An undisturbed run decided what the oracle decides, and left the carts as the oracle leaves them.</summary>
internal static class OracleCheck
{
    public static IEnumerable<string> Complaints(StoryRun run)
    {
        var clicks = run.Driver.Topic[0].Select(entry => new OracleRecord(entry.Offset, entry.TimestampMs, entry.IsLogAppendTime, entry.Key, entry.Value)).ToList();
        var oracle = new ShopOracle(new OracleRules { Tactics = run.Story.Tactics }).Play(clicks, record => record.TimestampMs, run.Story.EndMs);
        return Compare(
                [.. oracle.Decisions.OrderBy(decision => decision.Visitor, StringComparer.Ordinal)],
                [.. run.Driver.Rows.Select(OracleView.DecisionOf).OrderBy(decision => decision.Visitor, StringComparer.Ordinal)])
            .Concat(Compare(
                [.. oracle.Endings.Values.Where(ending => ending.IsDurable).OrderBy(ending => ending.Visitor, StringComparer.Ordinal)],
                [.. StoredSessions.Read(run.Driver.Memory.ReadSegments(0)).Values.Select(OracleView.EndingOf).OrderBy(ending => ending.Visitor, StringComparer.Ordinal)]));
    }

    private static IEnumerable<string> Compare<T>(IReadOnlyList<T> oracle, IReadOnlyList<T> engine)
        where T : notnull
    {
        for (var i = 0; i < Math.Max(oracle.Count, engine.Count); i++)
        {
            var (expected, found) = (oracle.ElementAtOrDefault(i), engine.ElementAtOrDefault(i));
            if (!Equals(expected, found))
            {
                yield return $"The oracle says {expected?.ToString() ?? "nothing more"}, the engine {found?.ToString() ?? "nothing more"}.";
                yield break;
            }
        }
    }
}
