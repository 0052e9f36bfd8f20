using Spectre.Console;

namespace StreamEngine.Benchmarks.Report;

/// <summary>Figures of one measurement, with the machine they were taken on above them. Cells are plain text, numbers to the right.</summary>
/// <param name="heading">What was measured.</param>
/// <param name="columns">The first names the row, the others hold figures.</param>
public sealed class ResultTable(string heading, params IReadOnlyList<string> columns)
{
    private const int WidthMin = 140;

    private readonly List<string[]> _rows = [];

    public string Heading { get; } = heading;

    public IReadOnlyList<string> Columns { get; } = columns;

    public IReadOnlyList<string[]> Rows
    {
        get => _rows;
        init => _rows = [.. value];
    }

    public ResultTable Row(params string[] cells)
    {
        _rows.Add(cells);
        return this;
    }

    public void Write()
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var i = 0; i < Columns.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(Columns[i])) { NoWrap = true };
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }
        foreach (var row in _rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }
        // A narrower terminal breaks the lines; the library would leave cells out.
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, WidthMin);
        AnsiConsole.WriteLine(Heading);
        AnsiConsole.WriteLine(Machine.Describe());
        AnsiConsole.Write(table);
    }
}
