using StreamEngine.Host.Tactics.Shapes;
using StreamEngine.Host.Tactics.Syntax;

namespace StreamEngine.Host.Tactics;

/// <summary><c>instead</c> names tactics that exist, and no two tactics end up waiting for each other.</summary>
internal static class InsteadRules
{
    private enum Visit : byte
    {
        Running,
        Done,
    }

    /// <param name="allNamesKnown">Otherwise a name is called unknown only if it is near a known one.</param>
    public static void Check(List<Placed<Fields>> tactics, Dictionary<string, Place> names, bool allNamesKnown, MistakeList mistakes)
    {
        var standBack = new Dictionary<string, List<Placed<string>>>(StringComparer.Ordinal);
        foreach (var (tactic, _) in tactics)
        {
            if (!tactic.TryGet(TacticLanguage.Instead, out var others))
            {
                continue;
            }
            var name = tactic.Find(TacticLanguage.Name) ?? "";
            foreach (var other in others)
            {
                if (string.Equals(other.Value, name, StringComparison.Ordinal))
                {
                    mistakes.Add(other.At, $"'{name}' cannot stand back for itself");
                }
                else if (!names.ContainsKey(other.Value) && NearestSpelling.Of(other.Value, names.Keys) is var nearest && (allNamesKnown || nearest is not null))
                {
                    mistakes.Add(other.At, nearest is null
                        ? $"'{other.Value}' is not a tactic of this file, which has {string.Join(", ", names.Keys.Take(12))}"
                        : $"'{other.Value}' is not a tactic of this file", nearest);
                }
            }
            standBack.TryAdd(name, others);
        }
        NoteCycles(standBack, mistakes);
    }

    private static void NoteCycles(Dictionary<string, List<Placed<string>>> standBack, MistakeList mistakes)
    {
        var visits = new Dictionary<string, Visit>(StringComparer.Ordinal);
        // Steps of its own instead of recursion: a file of a thousand tactics may be one long chain.
        var path = new Stack<(string Name, int Next)>();
        foreach (var start in standBack.Keys)
        {
            if (visits.ContainsKey(start))
            {
                continue;
            }
            path.Push((start, 0));
            visits[start] = Visit.Running;
            while (path.TryPop(out var step))
            {
                var others = standBack.GetValueOrDefault(step.Name) ?? [];
                if (step.Next == others.Count)
                {
                    visits[step.Name] = Visit.Done;
                    continue;
                }
                path.Push((step.Name, step.Next + 1));
                var other = others[step.Next];
                if (!visits.TryGetValue(other.Value, out var visit))
                {
                    visits[other.Value] = Visit.Running;
                    path.Push((other.Value, 0));
                }
                else if (visit == Visit.Running && !string.Equals(other.Value, step.Name, StringComparison.Ordinal))
                {
                    var circle = path.Select(s => s.Name).TakeWhile(n => !string.Equals(n, other.Value, StringComparison.Ordinal)).Reverse();
                    mistakes.Add(other.At, $"these tactics stand back for each other in a circle, so none would act: {string.Join(" -> ", [other.Value, .. circle, other.Value])}");
                }
            }
        }
    }
}
