using StreamEngine.Engine.Tests.Faults.Checks;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>Decisions that come late: what is of no use any more is held back, all else goes, and nothing is decided otherwise than it would have been in time.</summary>
public sealed class OutageTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Sweep Afternoon = new(Stories.Afternoon with { Tactics = StoryTactics.WithoutLimits });

    [Theory]
    [InlineData(nameof(FaultKind.Down), 20_000)]
    [InlineData(nameof(FaultKind.Down), Minute)]
    [InlineData(nameof(FaultKind.Down), 8 * Hour)]
    [InlineData(nameof(FaultKind.StoreDown), 20_000)]
    [InlineData(nameof(FaultKind.StoreDown), 2 * Hour)]
    [InlineData(nameof(FaultKind.SourceStalls), Minute)]
    [InlineData(nameof(FaultKind.LogEndUnknown), 2 * Hour)]
    public void Only_what_is_too_late_to_be_of_use_is_held_back(string kind, long spanMs)
    {
        var late = 0;
        for (var click = 0; click < Afternoon.Clicks; click++)
        {
            var fault = new Fault(Enum.Parse<FaultKind>(kind), click, spanMs);
            using var run = Afternoon.Run(fault);
            var history = History.Of(run);
            List<string> complaints =
            [
                .. All.Complaints(history),
                .. LatenessCheck.Complaints(history),
                .. EqualCheck.Complaints(Moments(Afternoon.Expected), Moments(history.Result)),
            ];
            Assert.True(complaints.Count == 0, $"With {fault}:\n{string.Join('\n', complaints)}");
            late += run.Driver.Rows.Count(row => row.Held is "Expired");
        }
        Assert.True(late > 0, "Nothing ever came too late: the faults were too short to show anything.");
    }

    /// <summary>Who, when, what and under which id, but not whether it was sent. What was held back as expired need not be cancelled.</summary>
    private static StoryResult Moments(StoryResult result) => result with
    {
        Decisions = [.. result.Decisions.Select(line => line.Split(' ')).Where(words => !words[3].StartsWith("action_cancelled", StringComparison.Ordinal))
            .Select(words => $"{words[0]} {words[2]} {words[3]} {words[4]}")],
        Published = [],
        Sessions = null,
        Kpis = null,
    };
}
