namespace StreamEngine.Host.Screen;

/// <summary>What one tactic has sent, and why it held back what it did not: the largest reason first.</summary>
public sealed record TacticTally(string Tactic, long Sent, IReadOnlyList<(string Reason, long Count)> Held)
{
    private const string HeldMark = " (held: ";

    /// <param name="counts">By name of the tactic, or "name (held: reason)".</param>
    public static IReadOnlyList<TacticTally> Of(IEnumerable<(string Name, long Count)> counts)
    {
        var sent = new Dictionary<string, long>(StringComparer.Ordinal);
        var held = new Dictionary<string, List<(string Reason, long Count)>>(StringComparer.Ordinal);
        foreach (var (name, count) in counts)
        {
            var mark = name.IndexOf(HeldMark, StringComparison.Ordinal);
            var tactic = mark < 0 ? name : name[..mark];
            sent.TryAdd(tactic, 0);
            held.TryAdd(tactic, []);
            if (mark < 0)
            {
                sent[tactic] += count;
            }
            else
            {
                held[tactic].Add((name[(mark + HeldMark.Length)..].TrimEnd(')'), count));
            }
        }
        return [.. sent.Select(s => new TacticTally(s.Key, s.Value, [.. held[s.Key].OrderByDescending(static h => h.Count)]))];
    }
}
