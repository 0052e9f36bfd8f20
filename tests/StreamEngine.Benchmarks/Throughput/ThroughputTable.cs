using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>The figures of one topic as cells: medians, and how far apart the rounds were.</summary>
public static class ThroughputTable
{
    public static string[] SpeedColumns { get; } = ["contender", "clicks/s", "to bare", "spread", "CPU us/click", "bytes/click", "GC pause ms", "peak MB"];

    public static string[] CommitColumns { get; } = ["contender", "commits", "kB each", "p50 ms", "p99 ms", "max ms", "log B/click", "disk B/click", "actions"];

    public static IEnumerable<string[]> SpeedRows(IReadOnlyList<ContenderRuns> all) => all.Select(runs => SpeedRow(runs, BareOf(all, runs)));

    public static IEnumerable<string[]> CommitRows(IReadOnlyList<ContenderRuns> all) => all.Where(static runs => runs.Contender.Loop != Loop.Bare).Select(CommitRow);

    public static ContenderRuns BareOf(IReadOnlyList<ContenderRuns> all, ContenderRuns runs) =>
        all.Single(other => other.Contender == runs.Contender with { Loop = Loop.Bare });

    public static void Write(IReadOnlyList<ContenderRuns> all)
    {
        var first = all[0];
        var heading = Text($"{first.Rounds[0].Clicks:N0} clicks, {first.Contender.CartShare:P0} of the visitors with a cart, medians of {first.Rounds.Count} rounds");
        Write(new ResultTable(heading, SpeedColumns), SpeedRows(all));
        Write(new ResultTable("Their commits", CommitColumns), CommitRows(all));
    }

    private static void Write(ResultTable table, IEnumerable<string[]> rows)
    {
        foreach (var row in rows)
        {
            table.Row(row);
        }
        table.Write();
    }

    private static string[] SpeedRow(ContenderRuns runs, ContenderRuns bare)
    {
        var isRight = runs.Rounds.All(static round => round.Mistakes.Count == 0);
        var (speed, ratio) = (runs.Of(static round => round.ClicksPerSecond), runs.RatioTo(bare));
        return
        [
            runs.Contender.Name,
            isRight ? Text($"{speed.Value:N0}") : "WRONG RESULT",
            isRight ? Text($"{ratio.Value:0.00}") : "",
            Text($"{speed.Spread:P0}"),
            Text($"{runs.Of(static round => round.CpuMicros).Value:0.00}"),
            Text($"{runs.Of(static round => round.BytesPerClick).Value:N0}"),
            Text($"{runs.Of(static round => round.GcPauseMs).Value:N0}"),
            Text($"{runs.Of(static round => round.PeakMemoryBytes).Value / 1048576:N0}"),
        ];
    }

    private static string[] CommitRow(ContenderRuns runs) =>
    [
        runs.Contender.Name,
        Text($"{Commits(runs, static commits => commits.Count):N0}"),
        Text($"{Commits(runs, static commits => commits.KilobytesEach):N1}"),
        Text($"{Commits(runs, static commits => commits.P50Ms):0.0}"),
        Text($"{Commits(runs, static commits => commits.P99Ms):0.0}"),
        Text($"{Commits(runs, static commits => commits.MaxMs):0.0}"),
        Text($"{Commits(runs, static commits => commits.SegmentBytes) / runs.Rounds[0].Clicks:N0}"),
        Text($"{runs.Of(static round => round.WrittenPerClick).Value:N0}"),
        Text($"{Commits(runs, static commits => commits.Actions):N0}"),
    ];

    private static double Commits(ContenderRuns runs, Func<CommitFigures, double> figure) =>
        Median.Of(runs.Rounds.Select(round => round.Commits is { } commits ? figure(commits) : double.NaN)).Value;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
