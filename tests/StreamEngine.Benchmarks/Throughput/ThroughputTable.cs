using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>The figures of one topic as cells: medians, and how far apart the rounds were.</summary>
public static class ThroughputTable
{
    public static ResultTable Speeds(IReadOnlyList<ContenderRuns> all) => Fill(
        new ResultTable(
            Text($"{all[0].Rounds[0].Clicks:N0} clicks, {all[0].Contender.CartShare:P0} of the visitors with a cart, medians of {all[0].Rounds.Count} rounds; CPU and managed bytes of a click"),
            "contender", "clicks/s", "to bare", "to standard", "to Java", "spread", "CPU us", "bytes", "GC ms", "GCs 0/1/2", "peak MB"),
        all.Select(runs => SpeedRow(all, runs)));

    public static ResultTable Commits(IReadOnlyList<ContenderRuns> all) => Fill(
        new ResultTable("Their commits", "contender", "commits", "kB each", "p50 ms", "p99 ms", "max ms", "log B/click", "disk B/click", "actions"),
        all.Where(static runs => runs.Contender.IsEngine).Select(CommitRow));

    /// <summary>The ratio to a loop with as many workers on the same topic; NaN where that loop was not there, or a result was wrong.</summary>
    public static double RatioTo(Loop loop, IReadOnlyList<ContenderRuns> all, ContenderRuns runs) =>
        all.FirstOrDefault(other => other.Contender == runs.Contender with { Loop = loop }) is { IsRight: true } yardstick && runs.IsRight ? runs.RatioTo(yardstick).Value : double.NaN;

    private static ResultTable Fill(ResultTable table, IEnumerable<string[]> rows) => rows.Aggregate(table, static (filled, row) => filled.Row(row));

    private static string[] SpeedRow(IReadOnlyList<ContenderRuns> all, ContenderRuns runs)
    {
        var speed = runs.Of(static round => round.ClicksPerSecond);
        return
        [
            runs.Contender.Name,
            runs.IsRight ? Text($"{speed.Value:N0}") : "WRONG RESULT",
            Ratio(Loop.Bare),
            Ratio(Loop.Standard),
            Ratio(Loop.Java),
            Text($"{speed.Spread:P0}"),
            Text($"{runs.Of(static round => round.CpuMicros).Value:0.00}"),
            Text($"{runs.Of(static round => round.BytesPerClick).Value:N0}"),
            Text($"{runs.Of(static round => round.GcPauseMs).Value:N0}"),
            string.Join('/', Enumerable.Range(0, 3).Select(generation => Text($"{runs.Of(round => round.Collections[generation]).Value:0}"))),
            Text($"{runs.Of(static round => round.PeakMemoryBytes).Value / 1048576:N0}"),
        ];

        string Ratio(Loop loop) => RatioTo(loop, all, runs) is var ratio && double.IsNaN(ratio) ? "" : Text($"{ratio:0.00}");
    }

    private static string[] CommitRow(ContenderRuns runs) =>
    [
        runs.Contender.Name,
        Text($"{OfCommits(runs, static commits => commits.Count):N0}"),
        Text($"{OfCommits(runs, static commits => commits.KilobytesEach):N1}"),
        Text($"{OfCommits(runs, static commits => commits.P50Ms):0.0}"),
        Text($"{OfCommits(runs, static commits => commits.P99Ms):0.0}"),
        Text($"{OfCommits(runs, static commits => commits.MaxMs):0.0}"),
        Text($"{OfCommits(runs, static commits => commits.SegmentBytes) / runs.Rounds[0].Clicks:N0}"),
        Text($"{runs.Of(static round => round.WrittenPerClick).Value:N0}"),
        Text($"{OfCommits(runs, static commits => commits.Actions):N0}"),
    ];

    private static double OfCommits(ContenderRuns runs, Func<CommitFigures, double> figure) =>
        Median.Of(runs.Rounds.Select(round => round.Commits is { } commits ? figure(commits) : double.NaN)).Value;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
