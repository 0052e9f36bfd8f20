using System.Globalization;
using StreamEngine.Benchmarks.Report;

namespace StreamEngine.Benchmarks.Latency;

public static class LatencyChapter
{
    /// <summary>The load at which architecture and goal look.</summary>
    private const int GoalPercent = 50;
    private const double RatioFloor = 5;
    private const double RatioGoal = 2;

    private static readonly double[] s_percents = [50, 99, 99.9];

    public static Chapter Write(LatencyPlan plan, double highest, double highestEcho, IReadOnlyList<LoadFigures> loads)
    {
        var table = new ResultTable(
            Text($"Clicks due until a subscriber reads their prompt, ms; medians of {plan.Rounds} rounds of {plan.Seconds} s, {plan.Workers} worker(s), {LatencyPlan.Partitions} partitions"),
            "load", "", "echo", "engine, SQLite FULL", "ratio", "spread of ratio");
        var chapter = new Chapter("latency", "Click to action beside an echo loop, open loop")
        {
            Figures = Chapter.Raw(new { HighestLoad = highest, HighestLoadOfEcho = highestEcho, Loads = loads.Select(Raw) }),
            Tables = { table },
            Notes =
            {
                Text($"The highest load is what broker, load generator, subscriber and engine reach together on these cores with at most {LatencyPlan.UnansweredMax:N0} prompts unanswered: ")
                + Text($"{highest:N0} clicks/s; with the echo in the engine's place {highestEcho:N0}. One click in {LatencyPlan.ClicksPerVisit} asks; {LatencyPlan.Places:N0} visitors at a time. ")
                + "The load is open loop: a click is due at its own instant, and what it waits for counts. The echo consumes and produces with the same clients, and keeps nothing.",
            },
        };
        foreach (var load in loads)
        {
            Add(table, load);
            chapter.Charts.Add(Chart(load));
            if (load.Percent == GoalPercent)
            {
                chapter.Marks.Add(new Mark(Text($"click to action, p99 at {load.Percent} % load, to the echo"), load.Ratio(99).Value, "x", RatioFloor, RatioGoal));
            }
        }
        return chapter;
    }

    private static void Add(ResultTable table, LoadFigures load)
    {
        foreach (var percent in s_percents)
        {
            var ratio = load.Ratio(percent);
            table.Row(
                Text($"{load.Percent} %: {load.Rate:N0} clicks/s"), Text($"p{percent}"), Text($"{load.Middle(Answerer.Echo, percent).Value:0.0}"),
                Text($"{load.Middle(Answerer.Engine, percent).Value:0.0}"), Text($"{ratio.Value:0.00}"), Text($"{ratio.Spread:P0}"));
        }
    }

    private static BarChart Chart(LoadFigures load) => new(
        Text($"Click to action at {load.Percent} % load, ms; lines show the best and the worst round"),
        [.. s_percents.SelectMany(percent => Enum.GetValues<Answerer>().Select(who => Bar(load, who, percent)))]);

    private static ChartBar Bar(LoadFigures load, Answerer who, double percent)
    {
        var rounds = load.Of(who).Select(latencies => latencies.Percentile(percent)).ToList();
        var value = load.Middle(who, percent).Value;
        return new ChartBar(Text($"p{percent}, {(who == Answerer.Echo ? "echo" : "engine")}"), value, rounds.Min(), rounds.Max(), Text($"{value:0.0}"), (int)who);
    }

    private static object Raw(LoadFigures load) => new
    {
        load.Percent,
        load.Rate,
        Echo = load.Echo.Select(Percentiles),
        Engine = load.Engine.Select(Percentiles),
    };

    private static Dictionary<string, double> Percentiles(Running.Latencies latencies) =>
        new(s_percents.Append(100).Select(percent => KeyValuePair.Create(Text($"p{percent}"), latencies.Percentile(percent))), StringComparer.Ordinal);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
