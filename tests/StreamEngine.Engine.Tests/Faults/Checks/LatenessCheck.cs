using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults.Checks;

/// <summary>
/// Held back as expired is what was decided too late to be of use, and nothing else. For runs in which a decision is handed to the store in the instant in which it is made.
/// </summary>
internal static class LatenessCheck
{
    public static IEnumerable<string> Complaints(History history)
    {
        foreach (var commit in history.Journal.OfType<CommitEntry>().Where(commit => commit.IsWritten))
        {
            foreach (var row in commit.Actions.Where(row => row.ExpiresMs > 0 && row.Held is null or "HoldOut" or "Expired"))
            {
                var isLate = commit.When.ClockMs > row.ExpiresMs;
                if (isLate && row.Held is not "Expired")
                {
                    yield return $"{row.Tactic} for {row.Visitor} was of use until {row.ExpiresMs} and went out at {commit.When.ClockMs}.";
                }
                if (!isLate && row.Held is "Expired")
                {
                    yield return $"{row.Tactic} for {row.Visitor} was held back as expired at {commit.When.ClockMs}, though of use until {row.ExpiresMs}.";
                }
            }
        }
    }
}
