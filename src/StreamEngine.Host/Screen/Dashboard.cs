using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Host.Screen;

/// <summary>Draws one snapshot for a terminal.</summary>
public static class Dashboard
{
    /// <param name="latest">Newest first.</param>
    public static IRenderable Draw(string title, EngineSnapshot now, IEnumerable<ActionRow> latest, double clicksPerSecond, int width, int height)
    {
        var figures = new Grid();
        (string Name, string Value)[] shown =
        [
            ("clicks/s", N((long)clicksPerSecond)), ("visitors", N(now.Sessions.Sum(static s => s.Count))), ("deadlines armed", N(now.DeadlinesArmed)),
            ("fired", N(now.DeadlinesFired)), ("commit", string.Create(CultureInfo.InvariantCulture, $"{now.LastCommitMs:0.0} ms")), ("actions published", N(now.Published)),
        ];
        foreach (var _ in shown)
        {
            figures.AddColumn(new GridColumn { Width = Math.Max(10, Math.Min(width, 120) / shown.Length - 2), Padding = new Padding(0, 0, 2, 0) });
        }
        figures.AddRow([.. shown.Select(static f => Figure(f.Name, f.Value))]);
        var phasesWidth = Math.Clamp(width * 2 / 5, 24, 60);
        var columns = new Grid().AddColumn(new GridColumn { Width = phasesWidth, Padding = new Padding(0, 0, 4, 0) }).AddColumn();
        var actions = Actions(now, Math.Clamp(height - 16, 3, 20));
        columns.AddRow(Phases(now, phasesWidth), actions);
        var rows = new List<IRenderable> { Heading(title), figures, new Text(""), columns, new Text(""), Heading("latest actions of each tactic, and why") };
        var left = height - 9 - Math.Max(actions.Rows.Count + 1, now.Sessions.Count) - now.NotReady.Count;
        rows.AddRange(latest.Take(Math.Clamp(left, 3, 20)).Select(row => Sentence(row, width)));
        rows.AddRange(now.NotReady.Select(static reason => new Markup($"[red]not ready: {Markup.Escape(reason)}[/]")));
        return new Rows(rows);
    }

    /// <summary>"12:03:07 email-1h to 4f0c...: cart abandoned 1 h ago; cart of 2 lines worth 129.90 EUR".</summary>
    public static string Plain(ActionRow row) =>
        $"{DateTimeOffset.FromUnixTimeMilliseconds(row.DueMs):HH:mm:ss} {row.Tactic} for {Short(row.Visitor.ToString())}: {row.Reason}";

    public static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static Rule Heading(string text) => new($"[bold]{Markup.Escape(text)}[/]") { Justification = Justify.Left, Style = new Style(Color.Grey) };

    private static Markup Figure(string name, string value) => new($"[bold]{Markup.Escape(value)}[/]\n[grey]{name}[/]");

    /// <summary>Most visitors only browse; drawn to one scale with them, carts would not be seen.</summary>
    private static BarChart Phases(EngineSnapshot now, int width)
    {
        var browsing = now.Sessions.Where(static s => s.Phase == CartPhase.Browsing).Sum(static s => s.Count);
        var chart = new BarChart { Width = width, Label = $"[grey]carts by phase; {N(browsing)} visitors only browse[/]", LabelAlignment = Justify.Left };
        chart.UseValueFormatter(static value => N((long)value));
        foreach (var (phase, count) in now.Sessions.Where(static s => s.Phase != CartPhase.Browsing))
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
        var table = new Table { Border = TableBorder.None }
            .AddColumn("[grey]tactic[/]").AddColumn(new TableColumn("[grey]sent[/]").RightAligned()).AddColumn("[grey]held back[/]");
        foreach (var tally in TacticTally.Of(now.Actions).OrderByDescending(static t => t.Sent).ThenBy(static t => t.Tactic, StringComparer.Ordinal).Take(rowsMax))
        {
            var held = string.Join(", ", tally.Held.Select(static h => $"{h.Reason} {N(h.Count)}"));
            table.AddRow(new Markup(Markup.Escape(tally.Tactic)), new Markup(N(tally.Sent)), new Markup($"[grey]{Markup.Escape(held)}[/]"));
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
