using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.All;

/// <summary>All measurements that have a floor and a goal, one after the other, each in a process of its own, on one broker: one table, one JSON file, one page.</summary>
public static class AllCommand
{
    public static void AddTo(RootCommand root)
    {
        var rounds = CommonOptions.Rounds("Runs of each contender of throughput, and rounds of latency.", 3);
        var clicks = new Option<long>("--clicks") { Description = "About so many clicks in a topic.", DefaultValueFactory = static _ => 2_000_000 };
        var folder = CommonOptions.Out();
        var all = new Command("all", "Throughput, latency, deadlines, take-over and memory, some fifty minutes; then the report. What 'scripts/bench' without a command does.")
        {
            rounds, clicks, folder,
        };
        all.SetAction(args => Run(args.GetValue(rounds), args.GetValue(clicks), args.GetValue(folder)!));
        root.Add(all);
        root.SetAction(_ => all.Parse([]).Invoke());
    }

    private static int Run(int rounds, long clicks, string folder)
    {
        using var broker = RealBroker.TryStart(out var reason);
        if (broker is null)
        {
            return CommonOptions.Refuse(reason);
        }
        string[][] parts =
        [
            ["throughput", "--tactics", "reminder", "--rounds", Text(rounds), "--clicks", Text(clicks)],
            ["throughput", "--tactics", "shipped", "--rounds", Text(rounds), "--clicks", Text(clicks)],
            ["latency", "--rounds", Text(rounds)],
            ["deadlines"],
            ["takeover"],
            ["memory"],
        ];
        var isRight = true;
        foreach (var part in parts)
        {
            Console.Error.WriteLine($"== {string.Join(' ', part)}");
            isRight &= RunPart(part, folder, broker.Address) == 0;
        }
        return ReportCommand.Run(folder) | (isRight ? 0 : 1);
    }

    /// <summary>Its output is ours.</summary>
    private static int RunPart(string[] part, string folder, string broker)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(AllCommand).Assembly.Location, .. part, "--out", folder]) { UseShellExecute = false };
        start.Environment["KAFKA_BOOTSTRAP"] = broker;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
