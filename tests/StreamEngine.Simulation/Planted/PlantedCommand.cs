using System.Diagnostics;
using System.Globalization;

namespace StreamEngine.Simulation.Planted;

/// <summary>Builds the product with all bugs planted, and hunts for them there.</summary>
public static class PlantedCommand
{
    /// <summary>How the program calls itself in the planted product.</summary>
    public const string HuntWord = "hunt";

    /// <param name="names">Of the bugs, empty for all.</param>
    public static int Run(string checkout, IReadOnlyList<string> names, int seedsMax, int threads)
    {
        var tree = new PlantedTree(checkout);
        Console.Error.WriteLine($"Building the product with {Bugs.All.Count} bugs planted ...");
        tree.Build();
        var start = new ProcessStartInfo("dotnet", [tree.Program, HuntWord, seedsMax.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture), .. names]);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Inside the planted product.</summary>
    public static int Hunt(IReadOnlyList<string> arguments)
    {
        var (seedsMax, threads) = (int.Parse(arguments[0], CultureInfo.InvariantCulture), int.Parse(arguments[1], CultureInfo.InvariantCulture));
        var names = arguments.Skip(2).ToList();
        var unknown = names.Where(name => !Bugs.All.Any(bug => string.Equals(bug.Name, name, StringComparison.Ordinal))).ToList();
        if (unknown.Count > 0)
        {
            Console.Error.WriteLine($"No bug is called {string.Join(", ", unknown)}. There are: {string.Join(", ", Bugs.All.Select(bug => bug.Name))}");
            return 2;
        }
        var missed = 0;
        Console.WriteLine("| Bug | Seeds until found | Checks | First complaint |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var bug in Bugs.All.Where(bug => names.Count == 0 || names.Contains(bug.Name, StringComparer.Ordinal)))
        {
            var found = BugHunt.Hunt(bug, seedsMax, threads);
            missed += found.Seed == 0 ? 1 : 0;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {bug.Name} | {(found.Seed == 0 ? $"not in {seedsMax}" : found.Seed)} | {found.Checks} | {Short(found.Complaint)} |"));
        }
        return missed == 0 ? 0 : 1;
    }

    private static string Short(string text) => text.Length <= 160 ? text : text[..157] + "...";
}
