using StreamEngine.Engine.Tests.Faults.Checks;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>The engine's wall clock jumps while the broker's stays right.</summary>
public sealed class ClockJumpTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private static readonly Sweep Afternoon = new(Stories.Afternoon);
    private static readonly Sweep Patient = new(Stories.Afternoon, StoryRun.PunctualEngine with { ExpireOverdue = false });

    [Theory]
    [InlineData(2 * Minute)]
    [InlineData(8 * Hour)]
    [InlineData(-Hour)]
    [InlineData(-10_000)]
    public void A_jump_that_is_set_right_within_the_hold_leaves_no_trace(long jumpMs)
    {
        for (var click = 0; click < Patient.Clicks; click++)
        {
            Patient.AssertHarmless(new Fault(FaultKind.ClockJumps, click, 50_000, jumpMs));
        }
    }

    [Theory]
    [InlineData(2 * Minute)]
    [InlineData(8 * Hour)]
    [InlineData(-Hour)]
    public void A_clock_that_stays_wrong_loses_nothing_doubles_nothing_and_fires_nothing_before_it_says_so(long jumpMs)
    {
        for (var click = 0; click < Afternoon.Clicks; click++)
        {
            AssertSound(new Fault(FaultKind.ClockJumps, click, 0, jumpMs));
        }
    }

    [Theory]
    [InlineData(2 * Minute)]
    [InlineData(8 * Hour)]
    [InlineData(-Hour)]
    public void A_clock_that_jumps_while_the_engine_is_down_loses_nothing_and_doubles_nothing(long jumpMs)
    {
        for (var click = 0; click < Afternoon.Clicks; click++)
        {
            AssertSound(new Fault(FaultKind.Down, click, Minute), new Fault(FaultKind.ClockJumps, click, 0, jumpMs));
        }
    }

    /// <summary>When a visitor is reminded is the wrong clock's doing, so the decisions may differ; who bought and who left a cart may not.</summary>
    private static void AssertSound(params IReadOnlyList<Fault> faults)
    {
        using var run = Afternoon.Run(faults);
        List<string> complaints = [.. All.Complaints(History.Of(run))];
        using var quiet = Afternoon.Run();
        complaints.AddRange(EndsOf(quiet).Except(EndsOf(run), StringComparer.Ordinal).Select(end => $"Not so in the end: {end}."));
        Assert.True(complaints.Count == 0, $"With {string.Join(", ", faults)}:\n{string.Join('\n', complaints)}");
    }

    private static IEnumerable<string> EndsOf(StoryRun run) =>
        run.Driver.Memory.Carts(0).Select(cart => $"{cart.Visitor} {(cart.Phase is "Recovered" ? "Purchased" : cart.Phase)} {cart.ValueMinor}");
}
