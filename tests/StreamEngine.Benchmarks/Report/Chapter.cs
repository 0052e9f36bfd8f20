using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamEngine.Benchmarks.Report;

/// <summary>What one measurement came to: as tables in the terminal, as a JSON file, and as a page or a part of one.</summary>
/// <param name="Name">Of the command, and of its files.</param>
/// <param name="Title">What was measured, in a sentence.</param>
public sealed record Chapter(string Name, string Title)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public string Machine { get; init; } = Report.Machine.Describe();

    /// <summary>Figures with a floor and a goal.</summary>
    public List<Mark> Marks { get; init; } = [];

    public List<ResultTable> Tables { get; init; } = [];

    public List<BarChart> Charts { get; init; } = [];

    public List<string> Notes { get; init; } = [];

    /// <summary>What results differed from what was known beforehand, a sentence each.</summary>
    public List<string> Mistakes { get; init; } = [];

    /// <summary>All that was measured, round by round, in the measurement's own form.</summary>
    public JsonElement? Figures { get; init; }

    public static JsonElement Raw<T>(T figures) => JsonSerializer.SerializeToElement(figures, s_json);

    public static Chapter Load(string path) =>
        JsonSerializer.Deserialize<Chapter>(File.ReadAllText(path), s_json) ?? throw new JsonException($"{path} holds null");

    public static string ToJson(IReadOnlyList<Chapter> chapters) => JsonSerializer.Serialize(chapters, s_json);

    /// <summary>To the terminal, and as NAME.json and NAME.html into the folder.</summary>
    /// <returns>The exit code: 1 where a result was wrong.</returns>
    public int Publish(string folder)
    {
        Tables.ForEach(static table => table.Write());
        MarkTable(Marks).Write();
        foreach (var mistake in Mistakes)
        {
            Console.Error.WriteLine($"WRONG RESULT: {mistake}");
        }
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, Name);
        File.WriteAllText(path + ".json", JsonSerializer.Serialize(this, s_json));
        File.WriteAllText(path + ".html", ReportPage.Write([this]));
        Console.Error.WriteLine($"{path}.html and .json");
        return Mistakes.Count == 0 ? 0 : 1;
    }

    public static ResultTable MarkTable(IEnumerable<Mark> marks)
    {
        var table = new ResultTable("Floors and goals", Mark.Columns);
        foreach (var mark in marks)
        {
            table.Row(mark.Cells);
        }
        return table;
    }
}
