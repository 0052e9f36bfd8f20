namespace StreamEngine.Engine.Tests.Faults;

/// <summary>One fault at every place where it can happen.</summary>
public sealed class SweepTests(ITestOutputHelper output)
{
    private static readonly Sweep Afternoon = new(Stories.Afternoon);

    [Fact]
    public void The_story_uses_every_tactic_and_holds_some_back()
    {
        Assert.All(StoryTactics.All, tactic => Assert.Contains(Afternoon.Expected.Decisions, line => line.Contains(tactic.Name, StringComparison.Ordinal)));
        Assert.All(["HoldOut", "LimitPerCart", "LimitPerWindow", "NoConsent", "Replaced", "cart_recovered", "action_cancelled"], word =>
            Assert.Contains(Afternoon.Expected.Decisions, line => line.Contains(word, StringComparison.Ordinal)));
        Assert.InRange(Afternoon.Expected.Published.Count, 20, 100);
        Assert.True(Afternoon.Commits > 60, $"Only {Afternoon.Commits} commits.");
        output.WriteLine($"{Afternoon.Clicks} clicks, {Afternoon.Commits} commits, {Afternoon.Contacts} contacts to crash at");
    }

    [Fact]
    public void Any_one_write_may_fail()
    {
        for (var n = 1; n <= Afternoon.Commits; n++)
        {
            Afternoon.AssertHarmless(new Fault(FaultKind.WriteFails, n));
        }
    }

    [Fact]
    public void The_answer_to_any_one_commit_may_be_lost_after_it_was_written()
    {
        for (var n = 1; n <= Afternoon.Commits; n++)
        {
            Afternoon.AssertHarmless(new Fault(FaultKind.WrittenUnknown, n));
        }
    }

    [Fact]
    public void Any_one_commit_may_be_lost_without_an_answer()
    {
        for (var n = 1; n <= Afternoon.Commits; n++)
        {
            Afternoon.AssertHarmless(new Fault(FaultKind.LostUnknown, n));
        }
    }

    [Fact]
    public void The_process_may_end_at_any_contact_with_the_world()
    {
        for (var n = 1; n <= Afternoon.Contacts; n++)
        {
            Afternoon.AssertHarmless(new Fault(FaultKind.Crash, n));
        }
    }
}
