using System.CommandLine;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Benchmarks.Throughput;

namespace StreamEngine.Benchmarks.Scale;

/// <summary>
/// What a second worker brings on cores that are free: clicks come from memory and nothing is kept, so that neither a broker nor a database takes a part of the two
/// cores, as they do in <see cref="ThroughputCommand"/>. With a quarter of the visitors a run ends after three seconds, in a good part of which the compiler's thread
/// takes its share of both cores: 1.44 there where this came to 1.69.
/// </summary>
public static class ScaleCommand
{
    private const double Floor = 1.6;
    private const double Goal = 1.9;

    public static Command Create()
    {
        var rounds = CommonOptions.Rounds("Runs of each contender.", 3);
        var shoppers = new Option<long>("--shoppers") { Description = "Visitors, with some thirteen clicks each.", DefaultValueFactory = static _ => 360_000 };
        var cartShare = new Option<double>("--cart-share") { Description = "Share of visitors with a cart, 0 to 1.", DefaultValueFactory = static _ => 1 };
        var command = new Command("scale", "What a second worker brings where two cores are free: clicks from memory, nothing kept, one reminder.") { rounds, shoppers, cartShare };
        command.SetAction(args => Run(args.GetValue(rounds), args.GetValue(shoppers), args.GetValue(cartShare)));
        return command;
    }

    private static int Run(int rounds, long shoppers, double cartShare)
    {
        List<ContenderRuns> all = [.. ((IEnumerable<Loop>)[Loop.Bare, Loop.Nothing]).SelectMany(
            loop => ((IEnumerable<int>)[1, 2]).Select(workers => new ContenderRuns(new Contender(loop, workers, cartShare), [])))];
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var runs in round % 2 == 1 ? all : Enumerable.Reverse(all))
            {
                var figures = ThroughputRunCommand.Start(
                    runs.Contender.Name, ScaleRunCommand.Name, "--contender", ThroughputRunCommand.Write(runs.Contender), "--shoppers", shoppers.ToString(CultureInfo.InvariantCulture));
                runs.Rounds.Add(figures);
                Console.Error.WriteLine(Text($"  round {round} of {rounds}, {runs.Contender.Name}: {figures.ClicksPerSecond:N0} clicks/s, {figures.CpuMicros:0.00} us of CPU a click"));
                foreach (var mistake in figures.Mistakes)
                {
                    Console.Error.WriteLine($"    WRONG RESULT: {mistake}");
                }
            }
        }
        var table = new ResultTable(
            Text($"{all[0].Rounds[0].Clicks:N0} clicks from memory, {cartShare:P0} of the visitors with a cart, nothing kept, one reminder; floor {Floor} x, goal {Goal} x"),
            "contender", "clicks/s", "spread", "CPU us", "pauses ms", "to one worker");
        foreach (var runs in all)
        {
            var one = all.Find(other => other.Contender.Loop == runs.Contender.Loop && other.Contender.Workers == 1)!;
            var speed = runs.Of(static figures => figures.ClicksPerSecond);
            table.Row(
                runs.Contender.Name, Text($"{speed.Value:N0}"), Text($"{speed.Spread:P0}"), Text($"{runs.Of(static figures => figures.CpuMicros).Value:0.00}"),
                Text($"{runs.Of(static figures => figures.GcPauseMs).Value:N0}"), Text($"{runs.RatioTo(one).Value:0.00}"));
        }
        table.Write();
        return all.TrueForAll(static runs => runs.IsRight) ? 0 : 1;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
