using StreamEngine.Engine.Commits;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults.Checks;

/// <summary>What is in memory stays within what is written down: commits under way, sessions, actions on their way out.</summary>
internal static class BoundsCheck
{
    public static IEnumerable<string> Complaints(History history)
    {
        foreach (var sample in history.Samples)
        {
            if (sample.Held > CommitPipeline.InFlightMax)
            {
                yield return $"{sample.Held} commits were under way at {sample.ClockMs}.";
            }
            if (sample.Sessions > history.Visitors)
            {
                yield return $"{sample.Sessions} sessions of {history.Visitors} visitors were in memory at {sample.ClockMs}.";
            }
        }
        // Committed and not acknowledged, and a full commit more for each that is under way.
        var unpublishedMax = history.Engine.OutboxStoredMax + history.Engine.OutboxItemsMax * CommitPipeline.InFlightMax;
        var committed = 0L;
        var arrived = 0L;
        foreach (var entry in history.Journal)
        {
            switch (entry)
            {
                case CommitEntry { IsWritten: true } commit:
                    committed = Math.Max(committed, commit.Actions.Select(row => row.Seq).DefaultIfEmpty(0).Max());
                    break;
                case ArrivedEntry { IsAction: true } action:
                    arrived = Math.Max(arrived, action.Ticket);
                    break;
            }
            if (committed - arrived > unpublishedMax)
            {
                yield return $"{committed - arrived} committed actions waited at {entry.When.ClockMs}; {unpublishedMax} may.";
            }
        }
    }
}
