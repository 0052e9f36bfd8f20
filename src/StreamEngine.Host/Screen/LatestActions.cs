using StreamEngine.Engine.Stores;

namespace StreamEngine.Host.Screen;

/// <summary>The newest actions of each tactic. A busy tactic would push a rare one, which is the one worth seeing, off the screen.</summary>
public sealed class LatestActions(int perTactic)
{
    /// <summary>Newest first.</summary>
    public IReadOnlyList<ActionRow> Rows { get; private set; } = [];

    /// <param name="recent">In any order; what was added before is known.</param>
    public void Add(IEnumerable<ActionRow> recent) => Rows =
    [
        .. Rows.Concat(recent)
            .DistinctBy(static row => row.Id)
            .OrderByDescending(static row => row.DecidedMs)
            .GroupBy(TacticOf, StringComparer.Ordinal)
            .SelectMany(rows => rows.Take(perTactic))
            .OrderByDescending(static row => row.DecidedMs),
    ];

    /// <summary>A cancellation has the cancelled action in its name.</summary>
    public static string TacticOf(ActionRow row) => row.Tactic.Split(':')[0];
}
