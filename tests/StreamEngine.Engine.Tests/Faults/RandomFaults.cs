namespace StreamEngine.Engine.Tests.Faults;

/// <summary>
/// 5 to 20 faults of all kinds out of a seed. A clock that jumps is set right within the hold, and the process goes on meanwhile: a clock that stays wrong, or that is wrong when the
/// process begins, moves the decisions, and nothing can be compared.
/// </summary>
internal static class RandomFaults
{
    private static readonly FaultKind[] WithRestarts = [.. Enum.GetValues<FaultKind>().Except([FaultKind.ClockJumps])];
    private static readonly FaultKind[] WithClockJumps = [.. Enum.GetValues<FaultKind>().Except([FaultKind.Crash, FaultKind.Down])];

    public static IReadOnlyList<Fault> Draw(Random random, Sweep sweep)
    {
        var kinds = random.Next(3) == 0 ? WithClockJumps : WithRestarts;
        return [.. Enumerable.Range(0, random.Next(5, 21)).Select(_ => One(kinds[random.Next(kinds.Length)], random, sweep)).DistinctBy(Exclusive)];
    }

    private static Fault One(FaultKind kind, Random random, Sweep sweep)
    {
        var at = kind switch
        {
            FaultKind.WriteFails or FaultKind.WrittenUnknown or FaultKind.LostUnknown => random.Next(1, sweep.Commits + 1),
            FaultKind.Crash => random.Next(1, sweep.Contacts + 1),
            _ => random.Next(sweep.Clicks),
        };
        return kind switch
        {
            FaultKind.ClockJumps => new Fault(kind, at, random.Next(1_000, 55_000), random.Next(2) == 0 ? random.Next(60_001, 30_000_000) : -random.Next(5_001, 7_200_000)),
            FaultKind.SourceJumpsBack => new Fault(kind, at, 0, random.Next(1, 30)),
            FaultKind.SendsFail => new Fault(kind, at, 0, random.Next(1, 4)),
            _ => new Fault(kind, at, random.Next(5) == 0 ? random.Next(600_000, 10_000_000) : random.Next(1_000, 400_000)),
        };
    }

    /// <summary>A switch of the doubles can be thrown once at a time; one clock jump at a time can be set right.</summary>
    private static (FaultKind Kind, int At) Exclusive(Fault fault) => fault.Kind switch
    {
        FaultKind.Down or FaultKind.StoreSlow or FaultKind.StoreDown or FaultKind.SourceStalls or FaultKind.LogEndUnknown or FaultKind.ReceiptsWait or FaultKind.ClockJumps => (fault.Kind, 0),
        _ => (fault.Kind, fault.At),
    };
}
