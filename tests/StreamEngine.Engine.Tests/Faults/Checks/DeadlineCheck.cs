using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults.Checks;

/// <summary>
/// No decision before it was due, neither in shard time nor in true time (where the engine's clock jumped for good: by the latest time that it has seen). None twice, under the same id or another.
/// </summary>
internal static class DeadlineCheck
{
    public static IEnumerable<string> Complaints(History history)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        HashSet<(string Visitor, int Episode, string Tactic, long DueMs, string? Held)> moments = [];
        var knownMs = 0L;
        foreach (var entry in history.Journal)
        {
            knownMs = Math.Max(knownMs, history.IsClockWrong ? Math.Max(entry.When.ClockMs, entry.When.TrueMs) : entry.When.TrueMs);
            if (entry is not CommitEntry { IsWritten: true } commit)
            {
                continue;
            }
            foreach (var row in commit.Actions)
            {
                if (row.DueMs > row.DecidedMs || row.DueMs > knownMs)
                {
                    yield return $"{row.Tactic} for {row.Visitor} was due at {row.DueMs} and decided early: in shard time at {row.DecidedMs}, by the clock at {knownMs}.";
                }
                // Where the engine's clock is wrong, clicks are ahead of the shard, and several of one visitor may be taken for the same instant.
                if (row.DecidedMs > commit.ShardTimeMs && !history.IsClockWrong)
                {
                    yield return $"{row.Tactic} for {row.Visitor} was decided at {row.DecidedMs}, after the shard time {commit.ShardTimeMs} of its commit.";
                }
                if (!ids.Add(row.Id.ToString()))
                {
                    yield return $"{row.Tactic} for {row.Visitor} was committed twice under the id {row.Id}.";
                }
                else if (!moments.Add((row.Visitor.ToString(), row.Episode, row.Tactic, row.DueMs, row.Held)) && !history.IsClockWrong)
                {
                    yield return $"{row.Tactic} for {row.Visitor}, due at {row.DueMs}, was decided twice under different ids.";
                }
            }
        }
    }
}
