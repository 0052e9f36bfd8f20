using StreamEngine.Oracle;
using StreamEngine.Simulation.Worlds;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Checks;

/// <summary>
/// Every decision is the oracle's: the same ids, due times, reasons held back and carts; and in the end every session stands as the oracle's does. Skewed clocks may move times by their skew
/// and nothing else: there the visitors' clicks are never so near to a deadline of theirs that it would make a difference.
/// </summary>
public static class OracleCheck
{
    private const int ShownMax = 3;

    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            var expected = evidence.Expected(shard);
            Dictionary<string, long> writtenMs = new(StringComparer.Ordinal);
            List<OracleDecision> found = [];
            foreach (var commit in evidence.Of(shard).OfType<Written>())
            {
                foreach (var row in commit.Actions.Where(row => !Evidence.IsBrowser(row.Visitor.ToString())))
                {
                    writtenMs[row.Id.ToString()] = commit.AtMs;
                    found.Add(OracleView.DecisionOf(row));
                }
            }
            var dueMs = expected.Decisions.DistinctBy(decision => decision.Id, StringComparer.Ordinal).ToDictionary(decision => decision.Id, decision => decision.DueMs, StringComparer.Ordinal);
            found = [.. found.Where(decision => !expected.OpenDecisions.Contains(decision.Id)).Select(decision => InTime(decision, dueMs.GetValueOrDefault(decision.Id), 2 * evidence.Plan.Cluster.SkewMsMax))];
            var complaints = Compare(ByVisitor(expected.Decisions), ByVisitor(found), decision => writtenMs.GetValueOrDefault(decision.Id, Math.Min(decision.DueMs, evidence.Plan.EndMs)))
                .Concat(Compare(Endings(expected.Endings.Where(ending => ending.IsDurable), expected), Endings(EndingsIn(evidence, shard), expected), _ => evidence.Plan.EndMs))
                .Concat(Compare(
                    [.. expected.Verdicts.Where(verdict => verdict.Value is "Malformed").Select(verdict => verdict.Key).Order()],
                    [.. evidence.Cluster.Database.Memory.DeadLetters(shard).Select(letter => letter.Offset).Order()],
                    _ => evidence.Plan.EndMs));
            foreach (var (atMs, what) in complaints)
            {
                yield return (atMs, $"shard {shard}: {what}");
            }
        }
    }

    /// <summary>Its times as the oracle has them, if they are not too far from those.</summary>
    private static OracleDecision InTime(OracleDecision found, long expectedMs, long skewMs)
    {
        var offMs = found.DueMs - expectedMs;
        return Math.Abs(offMs) > skewMs
            ? found
            : found with { DueMs = expectedMs, NotBeforeMs = found.NotBeforeMs - offMs, ExpiresMs = found.ExpiresMs == 0 ? 0 : found.ExpiresMs - offMs };
    }

    private static IEnumerable<OracleEnding> EndingsIn(Evidence evidence, int shard) =>
        StoredSessions.Read(evidence.Cluster.Database.Memory.ReadSegments(shard)).Values.Select(OracleView.EndingOf);

    private static List<OracleDecision> ByVisitor(IEnumerable<OracleDecision> decisions) =>
        [.. decisions.Where(decision => !Evidence.IsBrowser(decision.Visitor)).OrderBy(decision => decision.Visitor, StringComparer.Ordinal)];

    private static List<OracleEnding> Endings(IEnumerable<OracleEnding> endings, Expectation expected) =>
        [.. endings.Where(ending => !Evidence.IsBrowser(ending.Visitor) && !expected.OpenVisitors.Contains(ending.Visitor)).OrderBy(ending => ending.Visitor, StringComparer.Ordinal)];

    private static IEnumerable<(long AtMs, string What)> Compare<T>(List<T> expected, List<T> found, Func<T, long> atMs)
        where T : notnull
    {
        if (expected.SequenceEqual(found))
        {
            yield break;
        }
        var missing = expected.Except(found).ToList();
        var extra = found.Except(expected).ToList();
        foreach (var item in missing.Take(ShownMax))
        {
            yield return (atMs(item), $"the oracle says {item}, the engine does not");
        }
        foreach (var item in extra.Take(ShownMax))
        {
            yield return (atMs(item), $"the engine says {item}, the oracle does not");
        }
        if (missing.Count == 0 && extra.Count == 0)
        {
            yield return (atMs(found[0]), $"the oracle says the same {typeof(T).Name}s in another order, or one of them twice");
        }
    }
}
