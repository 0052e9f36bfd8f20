using System.CommandLine;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Benchmarks.Running;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Hostile;

/// <summary>A shop's visitors beside hostile traffic, against the same shop without it.</summary>
public static class HostileCommand
{
    private const double RatioMax = 2;
    private const double StallMsMax = 1_000;

    public static Command Create()
    {
        var rate = new Option<int>("--rate") { Description = "Clicks of the shop's visitors a second; one in five asks for a prompt.", DefaultValueFactory = static _ => 1_000 };
        var crawl = new Option<int>("--crawl") { Description = "New visitors a second with one click each.", DefaultValueFactory = static _ => 5_000 };
        var rounds = new Option<int>("--rounds") { Description = "How often quiet and hostile alternate.", DefaultValueFactory = static _ => 2 };
        var seconds = new Option<int>("--seconds") { Description = "Length of each part; more than 2.", DefaultValueFactory = static _ => 15 };
        var shards = new Option<int>("--shards") { Description = "Partitions.", DefaultValueFactory = static _ => 4 };
        var workers = new Option<int>("--workers") { Description = "Worker threads.", DefaultValueFactory = static _ => 1 };
        var command = new Command("hostile", "Half of all traffic from one visitor, a crawler, 1 % malformed records up to a megabyte: what other visitors notice of it.")
        {
            rate, crawl, rounds, seconds, shards, workers,
        };
        command.SetAction(args => Run(new HostilePlan(
            args.GetValue(rate), args.GetValue(crawl), args.GetValue(rounds), TimeSpan.FromSeconds(args.GetValue(seconds)), args.GetValue(shards), args.GetValue(workers))));
        return command;
    }

    private static int Run(HostilePlan plan)
    {
        using var broker = RealBroker.TryStart(out var reason);
        if (broker is null)
        {
            Console.Error.WriteLine(reason);
            return 2;
        }
        var folder = Directory.CreateTempSubdirectory("streamengine-hostile-");
        try
        {
            return Write(plan, new HostileRun(plan, broker.Address, folder.FullName, Console.Error.WriteLine).Play()) ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool Write(HostilePlan plan, HostileResult result)
    {
        var (quiet, hostile) = (result.Latencies(0), result.Latencies(1));
        var table = new ResultTable(
            Text($"{plan.Rate:N0} clicks/s of a shop, alone and beside {plan.HotRate:N0} of one visitor, {plan.CrawlRate:N0} new visitors and {plan.MalformedRate:N0} bad records a second; ")
            + Text($"{plan.Rounds} rounds of 2 x {plan.Part.TotalSeconds:0} s, {plan.Shards} shards, {plan.Workers} workers; click due until its prompt is read"),
            "ms", "quiet", "hostile", "ratio");
        foreach (var percent in (ReadOnlySpan<double>)[50, 99, 99.9, 100])
        {
            var (before, during) = (Middle(quiet, percent), Middle(hostile, percent));
            table.Row(percent == 100 ? "max" : Text($"p{percent}"), Text($"{before:0.0}"), Text($"{during:0.0}"), Text($"{during / before:0.00}"));
        }
        var stall = result.LongestGap(1);
        table.Row("longest silence", Text($"{result.LongestGap(0):0}"), Text($"{stall:0}"), "").Write();
        var isSlow = Middle(hostile, 99) > RatioMax * Middle(quiet, 99);
        var isLarge = result.PeakMemoryBytes > plan.MemoryBytesMax;
        var letters = new ResultTable("Dead letters", "reason", "sent", "found");
        foreach (var (name, sent, found) in result.Letters)
        {
            letters.Row(name, Text($"{sent:N0}"), Text($"{found:N0}"));
        }
        letters.Write();
        var areLettersRight = result.Letters.All(static l => l.Sent == l.Found);
        new ResultTable("Promises", "", "figure", "kept")
            .Row("p99 of others within 2x", Text($"{Middle(hostile, 99) / Middle(quiet, 99):0.00}"), isSlow ? "no" : "yes")
            .Row("nothing stalls above a second", Text($"{stall:0} ms"), stall > StallMsMax ? "no" : "yes")
            .Row("peak memory within its bound", Text($"{result.PeakMemoryBytes / 1e6:N0} of {plan.MemoryBytesMax / 1e6:N0} MB"), isLarge ? "no" : "yes")
            .Row("every visitor answered", Text($"{result.Answered:N0} of {result.Asked:N0}"), result.Answered == result.Asked ? "yes" : "no")
            .Row("every bad record in the dead letters once", Text($"{result.Letters.Sum(static l => l.Found):N0}"), areLettersRight ? "yes" : "no")
            .Row("records of the crowd", Text($"{result.HostileSent:N0}"), "")
            .Row("CPU of the engine", Text($"{result.CpuTime.TotalSeconds:0.0} s"), "")
            .Write();
        return !isSlow && stall <= StallMsMax && !isLarge && areLettersRight && result.Answered == result.Asked;
    }

    /// <summary>Of the same percentile in each round.</summary>
    private static double Middle(IEnumerable<Latencies> rounds, double percent) => Median.Of(rounds.Select(latencies => latencies.Percentile(percent))).Value;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
