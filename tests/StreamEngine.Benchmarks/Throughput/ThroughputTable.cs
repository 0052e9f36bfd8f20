using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>The figures of one topic as cells: medians, and how far apart the rounds were.</summary>
public static class ThroughputTable
{
    public static ResultTable Speeds(IReadOnlyList<ContenderRuns> all) => Fill(
        new ResultTable(
            Text($"{all[0].Rounds[0].Clicks:N0} clicks, {all[0].Contender.CartShare:P0} of the visitors with a cart, medians of {all[0].Rounds.Count} rounds"),
            "contender", "clicks/s", "to bare", "to standard", "spread", "CPU us/click", "bytes/click", "GC pause ms", "GCs 0/1/2", "peak MB"),
        all.Select(runs => SpeedRow(runs, Of(all, runs, Loop.Bare), Of(all, runs, Loop.Standard))));

    public static ResultTable Commits(IReadOnlyList<ContenderRuns> all) => Fill(
        new ResultTable("Their commits", "contender", "commits", "kB each", "p50 ms", "p99 ms", "max ms", "log B/click", "disk B/click", "actions"),
        all.Where(static runs => runs.Contender.IsEngine).Select(CommitRow));

    /// <summary>Another loop's runs with as many workers on the same topic.</summary>
    public static ContenderRuns Of(IReadOnlyList<ContenderRuns> all, ContenderRuns runs, Loop loop) =>
        all.Single(other => other.Contender == runs.Contender with { Loop = loop });

    private static ResultTable Fill(ResultTable table, IEnumerable<string[]> rows) => rows.Aggregate(table, static (filled, row) => filled.Row(row));

    private static string[] SpeedRow(ContenderRuns runs, ContenderRuns bare, ContenderRuns standard)
    {
        var speed = runs.Of(static round => round.ClicksPerSecond);
        return
        [
            runs.Contender.Name,
            runs.IsRight ? Text($"{speed.Value:N0}") : "WRONG RESULT",
            runs.IsRight ? Text($"{runs.RatioTo(bare).Value:0.00}") : "",
            runs.IsRight ? Text($"{runs.RatioTo(standard).Value:0.00}") : "",
            Text($"{speed.Spread:P0}"),
            Text($"{runs.Of(static round => round.CpuMicros).Value:0.00}"),
            Text($"{runs.Of(static round => round.BytesPerClick).Value:N0}"),
            Text($"{runs.Of(static round => round.GcPauseMs).Value:N0}"),
            string.Join('/', Enumerable.Range(0, 3).Select(generation => Text($"{runs.Of(round => round.Collections[generation]).Value:0}"))),
            Text($"{runs.Of(static round => round.PeakMemoryBytes).Value / 1048576:N0}"),
        ];
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
