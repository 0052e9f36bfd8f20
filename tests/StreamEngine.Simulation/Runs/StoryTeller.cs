using System.Globalization;
using StreamEngine.Simulation.Checks;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Runs;

/// <summary>
/// Tells what happened in one seed: what went wrong around the engine and who took over from whom; the work of the last minutes before the first complaint, which stands at
/// its place in time.
/// </summary>
public static class StoryTeller
{
    private const long CloseMs = 10 * 60_000;
    private const int WhoWidth = 12;

    /// <param name="isWhole">Everything, also what every worker read.</param>
    public static void Tell(SeedResult result, bool isWhole, TextWriter output)
    {
        var first = result.Complaints.Count > 0 ? result.Complaints[0] : null;
        var isFirstTold = first is null;
        foreach (var line in result.Lines)
        {
            if (!isFirstTold && line.AtMs > first!.AtMs)
            {
                Point(first, output);
                isFirstTold = true;
            }
            var isClose = first is not null && line.AtMs <= first.AtMs && line.AtMs > first.AtMs - CloseMs;
            if (isWhole || line.Weight == Weight.News || (isClose && line.Weight == Weight.Work))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SeedBatch.Clock(line.AtMs)}  {line.Who.PadRight(WhoWidth)} {line.What}"));
            }
        }
        if (!isFirstTold)
        {
            Point(first!, output);
        }
        output.WriteLine();
        foreach (var complaint in result.Complaints)
        {
            output.WriteLine($"{SeedBatch.Clock(complaint.AtMs)}  {complaint.Check}: {complaint.What}");
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {result.Seed}: {result.Figures}"));
        output.WriteLine($"Trace {result.Hash}");
        output.WriteLine(result.Complaints.Count == 0 ? "No complaint." : $"{result.Complaints.Count} complaints.");
    }

    private static void Point(Complaint first, TextWriter output) => output.WriteLine($"{SeedBatch.Clock(first.AtMs)}  ==> WENT WRONG FIRST ({first.Check}): {first.What}");
}
