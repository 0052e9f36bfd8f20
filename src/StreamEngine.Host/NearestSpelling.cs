namespace StreamEngine.Host;

/// <summary>Finds the word that somebody most likely meant: for keys and words of the tactics file, and for configuration keys.</summary>
public static class NearestSpelling
{
    // Nobody means a word by writing more than this; it bounds the quadratic comparison.
    private const int WordLengthMax = 64;

    /// <summary>
    /// The nearest of <paramref name="candidates"/>, or null if none is near. Case counts for nothing, and "-", " " and "." are read as "_".
    /// A letter too many, missing, wrong or swapped with its neighbour is one step; one step is allowed for every three letters.
    /// A word that is a whole part of exactly one candidate ("dwell" of "page_dwell") is near, too.
    /// </summary>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > WordLengthMax)
        {
            return null;
        }
        var folded = Fold(word);
        string? nearest = null;
        string? whole = null;
        var nearestSteps = int.MaxValue;
        var wholeCount = 0;
        foreach (var candidate in candidates)
        {
            var other = Fold(candidate);
            var steps = Steps(folded, other);
            if (steps < nearestSteps && steps <= Math.Max(1, Math.Min(folded.Length, other.Length) / 3))
            {
                (nearest, nearestSteps) = (candidate, steps);
            }
            if (folded.Length >= 3 && other.Split('_', ':').Contains(folded, StringComparer.Ordinal))
            {
                whole = candidate;
                wholeCount++;
            }
        }
        return nearest ?? (wholeCount == 1 ? whole : null);
    }

    private static string Fold(string word) => string.Create(word.Length, word, static (folded, word) =>
    {
        for (var i = 0; i < word.Length; i++)
        {
            folded[i] = word[i] is '-' or ' ' or '.' ? '_' : char.ToLowerInvariant(word[i]);
        }
    });

    // Optimal string alignment: edit distance where swapped neighbours are one step. Three rows are all it looks back to.
    private static int Steps(string a, string b)
    {
        var before = new int[b.Length + 1];
        var above = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            above[j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var steps = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    steps = Math.Min(steps, before[j - 2] + 1);
                }
                row[j] = steps;
            }
            (before, above, row) = (above, row, before);
        }
        return above[b.Length];
    }
}
