using System.Globalization;
using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>All runs of one contender, a figure each round.</summary>
public sealed record ContenderRuns(Contender Contender, List<RunFigures> Rounds)
{
    /// <summary>A contender with a wrong result has no speed.</summary>
    public bool IsRight => Rounds.TrueForAll(static round => round.Mistakes.Count == 0);

    public Median Of(Func<RunFigures, double> figure) => Median.Of(Rounds.Select(figure));

    /// <summary>Round by round to the bare loop with as many workers: both ran within the same minutes.</summary>
    public Median RatioTo(ContenderRuns bare) => Median.Of(Rounds.Zip(bare.Rounds, static (mine, other) => mine.ClicksPerSecond / other.ClicksPerSecond));
}

/// <summary>Runs every contender once a round, in alternating order, each in a process of its own.</summary>
public sealed class ThroughputRuns(IReadOnlyList<int> workers, BenchTactics tactics, int rounds, string folder, Action<string> say)
{
    private int _run;

    public BenchTactics Tactics => tactics;

    public string Folder => folder;

    /// <exception cref="InvalidOperationException">A run did not end well.</exception>
    public List<ContenderRuns> Measure(BenchTopic topic)
    {
        List<Loop> loops = [.. Enum.GetValues<Loop>().Where(IsThere)];
        List<ContenderRuns> all = [.. workers.SelectMany(
            count => loops.Select(loop => new ContenderRuns(new Contender(loop, count, topic.CartShare), [])))];
        for (var round = 1; round <= rounds; round++)
        {
            // Every other round backwards: what warms up or fills up favours nobody.
            foreach (var runs in round % 2 == 1 ? all : Enumerable.Reverse(all))
            {
                var figures = Run(runs.Contender, topic);
                runs.Rounds.Add(figures);
                say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  round {round} of {rounds}, {topic.CartShare:P0} carts, {runs.Contender.Name}: {figures.ClicksPerSecond:N0} clicks/s, {figures.CpuMicros:0.00} us of CPU a click"));
                foreach (var mistake in figures.Mistakes)
                {
                    say($"    WRONG RESULT: {mistake}");
                }
            }
        }
        return all;
    }

    private bool IsThere(Loop loop)
    {
        var reason = "";
        var isThere = loop switch
        {
            Loop.Postgres => BenchPostgres.IsThere(out reason),
            Loop.Java => JavaLoop.IsThere(out reason),
            _ => true,
        };
        if (!isThere)
        {
            say($"  without the {new Contender(loop, 1, 1).LoopName}: {reason}");
        }
        return isThere;
    }

    private RunFigures Run(Contender contender, BenchTopic topic)
    {
        var run = string.Create(CultureInfo.InvariantCulture, $"{topic.Kafka.ClicksTopic}.{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds():x}.{++_run}");
        var kafka = topic.Kafka with { ActionsTopic = run + ".actions", DeadTopic = run + ".dead", GroupId = run };
        var database = contender.Loop == Loop.Postgres ? BenchPostgres.CreateDatabase() : Path.Combine(folder, run + ".db");
        try
        {
            return ThroughputRunCommand.Start(
                contender.Name, ThroughputRunCommand.Name,
                "--contender", ThroughputRunCommand.Write(contender), "--tactics", tactics.ToString(), "--kafka", ThroughputRunCommand.Write(kafka),
                "--expected", topic.ExpectedPath, "--database", database);
        }
        finally
        {
            foreach (var file in Directory.EnumerateFiles(folder, run + ".db*"))
            {
                File.Delete(file);
            }
        }
    }
}
