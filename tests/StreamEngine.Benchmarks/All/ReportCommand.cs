using System.CommandLine;
using StreamEngine.Benchmarks.Report;

namespace StreamEngine.Benchmarks.All;

/// <summary>Puts what measurements left in the folder together: bench.json and bench.html, and the table of floors and goals.</summary>
public static class ReportCommand
{
    private const string Name = "bench";

    public static Command Create()
    {
        var folder = CommonOptions.Out();
        var command = new Command("report", "Joins the results that lie in the folder to one JSON file and one page, and prints the table of floors and goals.") { folder };
        command.SetAction(args => Run(args.GetValue(folder)!));
        return command;
    }

    public static int Run(string folder)
    {
        var files = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.json").Where(static file => !string.Equals(Path.GetFileNameWithoutExtension(file), Name, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList()
            : [];
        if (files.Count == 0)
        {
            return CommonOptions.Refuse($"{folder} holds no results: run a measurement with --out {folder} first.");
        }
        List<Chapter> chapters = [.. files.Select(Chapter.Load)];
        var path = Path.Combine(folder, Name);
        File.WriteAllText(path + ".json", Chapter.ToJson(chapters));
        File.WriteAllText(path + ".html", ReportPage.Write(chapters));
        Chapter.MarkTable(chapters.SelectMany(static chapter => chapter.Marks)).Write();
        Console.Error.WriteLine($"{path}.html and .json, of {string.Join(", ", chapters.Select(static chapter => chapter.Name))}");
        return chapters.TrueForAll(static chapter => chapter.Mistakes.Count == 0) ? 0 : 1;
    }
}
