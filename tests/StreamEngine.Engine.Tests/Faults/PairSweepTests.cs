namespace StreamEngine.Engine.Tests.Faults;

/// <summary>Two faults at once, all pairs there are, on a small story.</summary>
public sealed class PairSweepTests(ITestOutputHelper output)
{
    private static readonly Sweep Errand = new(Stories.Errand);

    private static List<Fault> Singles()
    {
        List<Fault> singles = [];
        for (var n = 1; n <= Errand.Commits + 1; n++)
        {
            singles.Add(new Fault(FaultKind.WriteFails, n));
            singles.Add(new Fault(FaultKind.WrittenUnknown, n));
            singles.Add(new Fault(FaultKind.LostUnknown, n));
        }
        for (var n = 1; n <= Errand.Contacts; n++)
        {
            singles.Add(new Fault(FaultKind.Crash, n));
        }
        return singles;
    }

    [Fact]
    public void Any_two_faults_may_come_together()
    {
        var singles = Singles();
        Assert.True(singles.Count > 100, $"Only {singles.Count} faults to pair.");
        var pairs = 0;
        for (var i = 0; i < singles.Count; i++)
        {
            for (var j = i + 1; j < singles.Count; j++)
            {
                if (singles[i].At != singles[j].At || singles[i].Kind == FaultKind.Crash != (singles[j].Kind == FaultKind.Crash))
                {
                    Errand.AssertHarmless(singles[i], singles[j]);
                    pairs++;
                }
            }
        }
        output.WriteLine($"{pairs} pairs");
    }

    [Fact]
    public void A_crash_may_follow_a_crash_at_once()
    {
        for (var n = 1; n <= Errand.Contacts; n++)
        {
            Errand.AssertHarmless(new Fault(FaultKind.Crash, n), new Fault(FaultKind.Crash, n + 1), new Fault(FaultKind.Crash, n + 2));
        }
    }
}
