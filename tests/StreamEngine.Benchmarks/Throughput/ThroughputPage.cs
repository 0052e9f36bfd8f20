using System.Globalization;
using StreamEngine.Benchmarks.Report;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>The measurement as one HTML page: for each topic the speed and the CPU of every contender as bars, and the table.</summary>
public static class ThroughputPage
{
    public static string Write(IReadOnlyList<IReadOnlyList<ContenderRuns>> topics)
    {
        var page = new HtmlPage("Throughput: the engine beside a bare loop");
        foreach (var all in topics)
        {
            var first = all[0];
            page.Heading(Text($"{first.Rounds[0].Clicks:N0} clicks, {first.Contender.CartShare:P0} of the visitors with a cart"));
            page.Bars(
                "Clicks a second, in thousands. Lines show the slowest and the fastest round.",
                [.. all.Select(runs => Bar(runs, static round => round.ClicksPerSecond / 1000, "0"))]);
            page.Bars(
                "CPU of a click, user and system, in microseconds; less is better.",
                [.. all.Select(runs => Bar(runs, static round => round.CpuMicros, "0.0"))]);
            page.Table(ThroughputTable.SpeedColumns, ThroughputTable.SpeedRows(all));
            page.Table(ThroughputTable.CommitColumns, ThroughputTable.CommitRows(all));
        }
        page.Note("Every run is a process of its own and ended with a check of its results against what the generator had planned; \"to bare\" is the ratio of speeds, round by round.");
        return page.ToString();
    }

    private static ChartBar Bar(ContenderRuns runs, Func<RunFigures, double> figure, string format)
    {
        var value = runs.Of(figure).Value;
        return new ChartBar(
            runs.Contender.Name, value, runs.Rounds.Min(figure), runs.Rounds.Max(figure), value.ToString(format, CultureInfo.InvariantCulture), (int)runs.Contender.Loop);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
