namespace StreamEngine.Engine.Tests.Faults.Checks;

internal static class All
{
    /// <summary>What holds in every run, whatever happens.</summary>
    public static IReadOnlyList<string> Complaints(History history) =>
    [
        .. OffsetCheck.Complaints(history),
        .. DeadlineCheck.Complaints(history),
        .. PublishCheck.Complaints(history),
        .. BoundsCheck.Complaints(history),
    ];

    public static IReadOnlyList<string> Complaints(History history, StoryResult expected) =>
        [.. Complaints(history), .. EqualCheck.Complaints(expected, history.Result)];
}
