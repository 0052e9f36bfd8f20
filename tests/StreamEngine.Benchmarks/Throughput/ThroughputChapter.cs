using System.Globalization;
using StreamEngine.Benchmarks.Report;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>The measurement as it is told: for each topic the speed and the CPU of every contender as bars and tables, and how the engine stands to its goals.</summary>
public static class ThroughputChapter
{
    /// <summary>Of a click with 100 % carts, us: half of what Kafka Streams pays, and what is below a third of it.</summary>
    private const double CpuMicrosFloor = 10;
    private const double CpuMicrosGoal = 6;

    /// <summary>
    /// Clicks a second of two workers to the Java loop's two threads, where every visitor has a cart and where one in ten has: the larger of twice what Kafka
    /// Streams reaches (0.32 and 0.46; memory store and changelog) and one and a half times what Flink does (0.50 and 0.60; hashmap), both exactly once.
    /// </summary>
    private const double ToJavaAllCarts = 0.75;
    private const double ToJavaTenthCarts = 0.92;

    public static Chapter Write(string name, BenchTactics tactics, IReadOnlyList<List<ContenderRuns>> topics)
    {
        var chapter = new Chapter(name, tactics == BenchTactics.Shipped
            ? "Throughput with the shipped tactics: the engine beside a bare loop"
            : "Throughput with one reminder tactic, the job that other engines were measured with")
        {
            Figures = Chapter.Raw(topics),
            Notes =
            {
                "Every run is a process of its own and ended with a check of its results against what the generator had planned. \"to bare\" is the ratio of speeds to the bare loop "
                + "with as many workers, round by round, whose consumer and parser are the engine's; \"to standard\" to a loop of the platform's own parts (the managed client, "
                + "System.Text.Json), \"to Java\" to a loop of that platform's own parts (Kafka's client, Jackson), which is what the ratios of Kafka Streams and Flink are to. Spread is (fastest - slowest) / median. The broker runs on the same cores.",
            },
        };
        foreach (var all in topics)
        {
            Add(chapter, tactics, all);
        }
        return chapter;
    }

    private static void Add(Chapter chapter, BenchTactics tactics, List<ContenderRuns> all)
    {
        var carts = Text($"{all[0].Contender.CartShare:P0} carts");
        // The report has both jobs in one table.
        var job = $"{carts}, {(tactics == BenchTactics.Shipped ? "shipped tactics" : "one reminder")}";
        chapter.Charts.Add(new BarChart(
            $"Clicks a second, in thousands, {carts}. Lines show the slowest and the fastest round.",
            [.. all.Select(runs => Bar(runs, static round => round.ClicksPerSecond / 1000, "0"))]));
        chapter.Charts.Add(new BarChart(
            $"CPU of a click, user and system, in microseconds, {carts}; less is better.",
            [.. all.Select(runs => Bar(runs, static round => round.CpuMicros, "0.0"))]));
        chapter.Tables.Add(ThroughputTable.Speeds(all));
        chapter.Tables.Add(ThroughputTable.Commits(all));
        chapter.Mistakes.AddRange(all.SelectMany(
            runs => runs.Rounds.SelectMany((round, index) => round.Mistakes.Select(mistake => Text($"{carts}, {runs.Contender.Name}, round {index + 1}: {mistake}")))));
        foreach (var runs in all.Where(static runs => runs.Contender.Loop == Loop.Sqlite))
        {
            chapter.Marks.Add(new Mark($"{runs.Contender.Name}, to the bare loop, {job}", ThroughputTable.RatioTo(Loop.Bare, all, runs), "x", 0.4, 0.7));
            if (tactics == BenchTactics.Reminder && runs.Contender is { Workers: 2, CartShare: 0.1 or 1 })
            {
                var mark = runs.Contender.CartShare < 1 ? ToJavaTenthCarts : ToJavaAllCarts;
                chapter.Marks.Add(new Mark($"{runs.Contender.Name}, to the Java loop, {job}", ThroughputTable.RatioTo(Loop.Java, all, runs), "x", mark, mark));
            }
            if (runs.Contender.CartShare >= 1)
            {
                chapter.Marks.Add(new Mark($"{runs.Contender.Name}, CPU of a click, {job}", Figure(runs, runs.Of(static round => round.CpuMicros).Value), "us", CpuMicrosFloor, CpuMicrosGoal));
            }
        }
        foreach (var runs in all.Where(static runs => runs.Contender.Loop == Loop.Postgres))
        {
            chapter.Marks.Add(new Mark($"{runs.Contender.Name}, to the bare loop, {job}", ThroughputTable.RatioTo(Loop.Bare, all, runs), "x", 0.3, 0.6));
        }
        foreach (var runs in all.Where(static runs => runs.Contender is { Loop: Loop.Nothing, Workers: 1 }))
        {
            chapter.Marks.Add(new Mark(
                $"managed bytes of a click, whole process, {runs.Contender.Name}, {job}", Figure(runs, runs.Of(static round => round.BytesPerClick).Value), "B", 256, 0));
        }
        if (all.Find(static runs => runs.Contender is { Loop: Loop.Sqlite, Workers: 1 }) is { } one && all.Find(static runs => runs.Contender is { Loop: Loop.Sqlite, Workers: 2 }) is { } two)
        {
            chapter.Marks.Add(new Mark($"engine, SQLite FULL, from 1 to 2 workers, {job}", Figure(two, Figure(one, two.RatioTo(one).Value)), "x", 1.6, 1.9));
        }
    }

    private static double Figure(ContenderRuns runs, double value) => runs.IsRight ? value : double.NaN;

    private static ChartBar Bar(ContenderRuns runs, Func<RunFigures, double> figure, string format)
    {
        var value = runs.Of(figure).Value;
        return new ChartBar(
            runs.Contender.Name, value, runs.Rounds.Min(figure), runs.Rounds.Max(figure), value.ToString(format, CultureInfo.InvariantCulture), (int)runs.Contender.Loop);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
