using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Host.Screen;

/// <summary>Draws one snapshot for a terminal.</summary>
public static class Dashboard
{
    public static IRenderable Draw(string title, EngineSnapshot now, double clicksPerSecond, int width, int height)
    {
        var figures = new Grid().AddColumn().AddColumn().AddColumn().AddColumn().AddColumn();
        figures.AddRow(
            Figure("clicks/s", N((long)clicksPerSecond)), Figure("sessions", N(now.Sessions.Sum(static s => s.Count))), Figure("deadlines armed", N(now.DeadlinesArmed)),
            Figure("commit", string.Create(CultureInfo.InvariantCulture, $"{now.LastCommitMs:0.0} ms")), Figure("actions published", N(now.Published)));
        var half = Math.Max(20, width / 2 - 4);
        var columns = new Grid { Expand = true }.AddColumn(new GridColumn { Width = half }).AddColumn();
        columns.AddRow(Phases(now, half), Actions(now, Math.Max(6, height - 17)));
        var rows = new List<IRenderable> { new Rule(Markup.Escape(title)) { Justification = Justify.Left }, figures, new Text(""), columns };
        rows.Add(new Rule("last actions, and why") { Justification = Justify.Left });
        rows.AddRange(now.Recent.Reverse().Take(Math.Clamp(height - 20, 3, 8)).Select(row => Sentence(row, width)));
        rows.AddRange(now.Stopped.Select(static s => new Markup($"[red]shard {s.Shard} stands still: {Markup.Escape(s.Reason)}[/]")));
        return new Rows(rows);
    }

    /// <summary>"12:03:07 email-1h to 4f0c...: cart abandoned 1 h ago; cart of 2 lines worth 129.90 EUR".</summary>
    public static string Plain(ActionRow row) =>
        $"{DateTimeOffset.FromUnixTimeMilliseconds(row.DueMs):HH:mm:ss} {row.Tactic} for {Short(row.Visitor)}: {row.Reason}";

    public static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static Markup Figure(string name, string value) => new($"[bold]{Markup.Escape(value)}[/]\n[grey]{name}[/]");

    private static IRenderable Phases(EngineSnapshot now, int width)
    {
        var chart = new BarChart { Width = Math.Max(24, width - 2), Label = "[grey]sessions by phase[/]", LabelAlignment = Justify.Left, Culture = CultureInfo.InvariantCulture };
        foreach (var (phase, count) in now.Sessions)
        {
            chart.AddItem(phase.ToString(), count, ColorOf(phase));
        }
        return chart;
    }

    private static Color ColorOf(CartPhase phase) => phase switch
    {
        CartPhase.Browsing => Color.Grey,
        CartPhase.Carting => Color.Blue,
        CartPhase.Checkout => Color.Aqua,
        CartPhase.Purchased => Color.Green,
        CartPhase.Abandoned => Color.Yellow,
        CartPhase.Recovered => Color.Lime,
        _ => Color.Red,
    };

    private static Table Actions(EngineSnapshot now, int rowsMax)
    {
        var table = new Table { Border = TableBorder.None }.AddColumn("[grey]actions by tactic[/]").AddColumn(new TableColumn("").RightAligned());
        foreach (var (name, count) in now.Actions.OrderByDescending(static a => a.Count).Take(rowsMax))
        {
            var isHeld = name.Contains("(held", StringComparison.Ordinal);
            table.AddRow(new Markup(isHeld ? $"[grey]{Markup.Escape(name)}[/]" : Markup.Escape(name)), new Markup(N(count)));
        }
        return table;
    }

    private static Text Sentence(ActionRow row, int width)
    {
        var line = Plain(row);
        return new Text(line.Length > width - 1 ? line[..(width - 2)] + "…" : line);
    }

    private static string Short(string visitor) => visitor.Length > 8 ? visitor[..8] : visitor;
}
