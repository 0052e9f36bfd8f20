namespace StreamEngine.Host;

/// <summary>Finds what somebody meant to write.</summary>
public static class NearestSpelling
{
    /// <returns>The candidate with the fewest typing slips between it and <paramref name="word"/>; null when none is near.</returns>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        string? best = null;
        // A third of the letters wrong is another word.
        var slipsMax = Math.Max(1, word.Length / 3);
        foreach (var candidate in candidates)
        {
            var slips = Slips(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (slips <= slipsMax)
            {
                best = candidate;
                slipsMax = slips - 1;
            }
        }
        return best;
    }

    // Damerau-Levenshtein (optimal string alignment): insert, drop, replace, swap two neighbours.
    private static int Slips(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }
        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }
        return d[a.Length, b.Length];
    }
}
