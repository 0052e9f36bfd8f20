using System.Reflection;
using StreamEngine.Carts.Sessions;
using StreamEngine.Simulation.Runs;

namespace StreamEngine.Simulation.Planted;

/// <param name="Seed">The first seed that finds it, from 1; 0 where none does.</param>
/// <param name="Checks">Who complains, the first first.</param>
public sealed record Found(Bug Bug, int Seed, string Checks, string Complaint);

/// <summary>Looks for bugs, one after the other, in the product that has them planted.</summary>
public static class BugHunt
{
    /// <summary>False in the product itself.</summary>
    public static bool IsPossible => Switch is not null;

    private static PropertyInfo? Switch => typeof(CartSession).Assembly.GetType("StreamEngine.Carts.Planted")?.GetProperty("Name");

    public static Found Hunt(Bug bug, int seedsMax, int threads)
    {
        var property = Switch ?? throw new InvalidOperationException("No bugs are planted in this build: run scripts/simulate --planted.");
        property.SetValue(null, string.Intern(bug.Name));
        var found = new System.Collections.Concurrent.ConcurrentDictionary<int, SeedResult>();
        try
        {
            Parallel.For(1, seedsMax + 1, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount }, (seed, loop) =>
            {
                if (loop.ShouldExitCurrentIteration)
                {
                    return;
                }
                var result = SeedRun.Play(seed);
                if (result.Complaints.Count > 0)
                {
                    found[seed] = result;
                    loop.Break();
                }
            });
        }
        finally
        {
            property.SetValue(null, null);
        }
        if (found.IsEmpty)
        {
            return new Found(bug, 0, "", "");
        }
        var first = found[found.Keys.Min()];
        return new Found(bug, first.Seed, string.Join(", ", first.Complaints.Select(complaint => complaint.Check).Distinct(StringComparer.Ordinal)), first.Complaints[0].What);
    }
}
