using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

public static class AllChecks
{
    private static readonly (string Name, Func<Evidence, IEnumerable<(long AtMs, string What)>> Complaints)[] s_always =
    [
        ("epochs", EpochCheck.Complaints),
        ("offsets", OffsetCheck.Complaints),
        ("deadlines", DeadlineCheck.Complaints),
        ("publishing", PublishCheck.Complaints),
        ("dead letters", DeadLetterCheck.Complaints),
        ("liveness", LivenessCheck.Complaints),
    ];

    /// <summary>What depends on the time at which the engine takes things to happen: of no meaning where its clocks are hours wrong.</summary>
    private static readonly (string Name, Func<Evidence, IEnumerable<(long AtMs, string What)>> Complaints)[] s_inTime =
    [
        ("purchases", PurchaseCheck.Complaints),
        ("lateness", LatenessCheck.Complaints),
        ("oracle", OracleCheck.Complaints),
    ];

    /// <summary>What went wrong first comes first.</summary>
    public static IReadOnlyList<Complaint> Complaints(Evidence evidence) =>
    [
        .. evidence.Cluster.History.Entries.OfType<Seen>().Select(seen => new Complaint(seen.Check, seen.AtMs, $"{seen.Process} {seen.What}"))
            .Concat((evidence.Plan.Cluster.Clocks == Clocks.Wild ? s_always : [.. s_always, .. s_inTime])
                .SelectMany(check => Say(check.Complaints, evidence).Select(complaint => new Complaint(check.Name, complaint.AtMs, complaint.What))))
            .OrderBy(complaint => complaint.AtMs),
    ];

    /// <summary>What is in the store may be so wrong that it cannot be read.</summary>
    private static IReadOnlyList<(long AtMs, string What)> Say(Func<Evidence, IEnumerable<(long AtMs, string What)>> complaints, Evidence evidence)
    {
        try
        {
            return [.. complaints(evidence)];
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            return [(evidence.Plan.EndMs, $"what is in the store cannot be read: {e.Message}")];
        }
    }
}
