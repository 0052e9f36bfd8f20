using Spectre.Console;

namespace StreamEngine.Benchmarks.Report;

/// <summary>Figures of one measurement, with the machine they were taken on above them. Cells are plain text, numbers to the right.</summary>
public sealed class ResultTable
{
    private const int WidthMin = 140;

    private readonly Table _table = new Table().Border(TableBorder.Simple);
    private readonly string _heading;

    /// <param name="heading">What was measured.</param>
    /// <param name="columns">The first names the row, the others hold figures.</param>
    public ResultTable(string heading, params ReadOnlySpan<string> columns)
    {
        _heading = heading;
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i])) { NoWrap = true };
            _table.AddColumn(i == 0 ? column : column.RightAligned());
        }
    }

    public ResultTable Row(params ReadOnlySpan<string> cells)
    {
        _table.AddRow([.. cells.ToArray().Select(Markup.Escape)]);
        return this;
    }

    public void Write()
    {
        // A narrower terminal breaks the lines; the library would leave cells out.
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, WidthMin);
        AnsiConsole.WriteLine(_heading);
        AnsiConsole.WriteLine(Machine.Describe());
        AnsiConsole.Write(_table);
    }
}
