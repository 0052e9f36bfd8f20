using System.CommandLine;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Latency;

/// <summary>How long a prompt takes from when its click was due until a subscriber reads it, beside an echo loop at the same loads.</summary>
public static class LatencyCommand
{
    public static Command Create()
    {
        var percents = new Option<int[]>("--loads")
        {
            Description = "Loads in percent of the highest.",
            DefaultValueFactory = static _ => [20, 50, 80],
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<int>("--seconds") { Description = "Length of each load; more than 2.", DefaultValueFactory = static _ => 10 };
        var rounds = CommonOptions.Rounds("How often engine and echo alternate.", 3);
        var workers = new Option<int>("--workers") { Description = "Worker threads of the engine.", DefaultValueFactory = static _ => 1 };
        var folder = CommonOptions.Out();
        var command = new Command("latency", "Click to action at three loads, open loop: the engine with SQLite FULL beside a consume-produce echo loop. One click in 20 asks for a prompt.")
        {
            percents, seconds, rounds, workers, folder,
        };
        command.SetAction(args =>
        {
            if (args.GetValue(seconds) <= LatencyPlan.WarmUpSeconds || args.GetValue(rounds) < 1 || args.GetValue(workers) < 1)
            {
                return CommonOptions.Refuse("--seconds takes more than 2, since the first two of each load are not measured; --rounds and --workers take 1 or more");
            }
            if (args.GetValue(percents) is not { Length: > 0 } loads || loads.Any(static load => load is < 1 or > 100))
            {
                return CommonOptions.Refuse("--loads takes percents, 1 to 100");
            }
            using var broker = RealBroker.TryStart(out var reason);
            if (broker is null)
            {
                return CommonOptions.Refuse(reason);
            }
            var plan = new LatencyPlan(loads, args.GetValue(seconds), args.GetValue(rounds), args.GetValue(workers));
            return Run(plan, broker.Address).Publish(args.GetValue(folder)!);
        });
        return command;
    }

    private static Chapter Run(LatencyPlan plan, string broker)
    {
        var folder = Directory.CreateTempSubdirectory("streamengine-latency-");
        try
        {
            var samples = SampleClicks.Generate();
            var highest = HighestLoad(Answerer.Engine);
            var echo = HighestLoad(Answerer.Echo);
            Say($"highest load of the engine {highest:N0} clicks/s, of the echo {echo:N0}");
            var loads = plan.Percents.Select(percent => new LoadFigures(percent, highest * percent / 100)).ToList();
            for (var round = 1; round <= plan.Rounds; round++)
            {
                foreach (var who in round % 2 == 1 ? Enum.GetValues<Answerer>() : [.. Enum.GetValues<Answerer>().Reverse()])
                {
                    using var run = new LatencyRun(who, plan, samples, broker, folder.FullName);
                    run.WarmUp();
                    foreach (var load in loads)
                    {
                        var latencies = run.Measure(load.Rate, plan.Seconds);
                        load.Of(who).Add(latencies);
                        Say($"  round {round} of {plan.Rounds}, {who}, {load.Percent} %: {latencies}");
                    }
                }
            }
            return LatencyChapter.Write(plan, highest, echo, loads);

            double HighestLoad(Answerer who)
            {
                using var run = new LatencyRun(who, plan, samples, broker, folder.FullName);
                return run.FindHighestLoad();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Say(FormattableString text) => Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
