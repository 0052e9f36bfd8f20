using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Checks;

public static class AllChecks
{
    private static readonly (string Name, Func<Evidence, IEnumerable<(long AtMs, string What)>> Complaints)[] s_checks =
    [
        ("epochs", EpochCheck.Complaints),
        ("offsets", OffsetCheck.Complaints),
        ("deadlines", DeadlineCheck.Complaints),
        ("purchases", PurchaseCheck.Complaints),
        ("publishing", PublishCheck.Complaints),
        ("dead letters", DeadLetterCheck.Complaints),
        ("lateness", LatenessCheck.Complaints),
        ("liveness", LivenessCheck.Complaints),
        ("oracle", OracleCheck.Complaints),
    ];

    /// <summary>What went wrong first comes first.</summary>
    public static IReadOnlyList<Complaint> Complaints(Evidence evidence) =>
    [
        .. evidence.Cluster.History.Entries.OfType<Seen>().Select(seen => new Complaint(seen.Check, seen.AtMs, $"{seen.Process} {seen.What}"))
            .Concat(s_checks.SelectMany(check => check.Complaints(evidence).Select(complaint => new Complaint(check.Name, complaint.AtMs, complaint.What))))
            .OrderBy(complaint => complaint.AtMs),
    ];
}
