using System.CommandLine;
using System.Text.Json;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Native;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>How fast the engine reads a topic, beside a bare loop on the same topic in the same minutes.</summary>
public static class ThroughputCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Runs of each contender.", DefaultValueFactory = static _ => 3 };
        var clicks = new Option<long>("--clicks") { Description = "About so many clicks in a topic.", DefaultValueFactory = static _ => 2_000_000 };
        var workers = new Option<int[]>("--workers")
        {
            Description = "Worker threads.",
            DefaultValueFactory = static _ => [1, 2],
            AllowMultipleArgumentsPerToken = true,
        };
        var cartShare = new Option<double[]>("--cart-share")
        {
            Description = "Share of visitors with a cart, 0 to 1; a topic for each.",
            DefaultValueFactory = static _ => [0.1, 1],
            AllowMultipleArgumentsPerToken = true,
        };
        var tactics = new Option<BenchTactics>("--tactics")
        {
            Description = "shipped: what the product comes with; reminder: one e-mail an hour after a cart was left, as other engines were measured.",
            DefaultValueFactory = static _ => BenchTactics.Shipped,
        };
        var topic = new Option<string?>("--topic") { Description = "A prepared topic at KAFKA_BOOTSTRAP instead of generated ones: Segment JSON, keyed by visitor." };
        var expected = new Option<string?>("--expected") { Description = "What is to be found in it, as 'streamengine generate --expected' writes it.", HelpName = "FILE" };
        var folder = new Option<string>("--out") { Description = "Where throughput.json and throughput.html go.", DefaultValueFactory = static _ => "artifacts/bench" };
        var command = new Command("throughput", "Clicks a second and CPU of a click: bare loop, engine with SQLite, engine with a store that keeps nothing.")
        {
            rounds, clicks, workers, cartShare, tactics, topic, expected, folder,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(topic) is null != result.GetValue(expected) is null)
            {
                result.AddError("--topic and --expected belong together: without the figures no result can be checked.");
            }
        });
        command.SetAction(args =>
        {
            using var broker = RealBroker.TryStart(out var reason);
            if (broker is null)
            {
                Console.Error.WriteLine(reason);
                return 2;
            }
            NativeClient.Load();
            var prepared = args.GetValue(topic) is { } name ? Prepared(broker.Address, name, args.GetValue(expected)!) : null;
            var shares = prepared is null ? args.GetValue(cartShare)! : [prepared.CartShare];
            return Run(
                args.GetValue(workers)!, args.GetValue(tactics), args.GetValue(rounds), Directory.CreateDirectory(args.GetValue(folder)!).FullName,
                shares.Select(share => prepared ?? BenchTopic.Prepare(broker.Address, args.GetValue(clicks), share, Console.Error.WriteLine)));
        });
        return command;
    }

    private static BenchTopic Prepared(string bootstrap, string topic, string expectedPath)
    {
        var figures = ExpectedFigures.FromJson(File.ReadAllText(expectedPath));
        var kafka = new KafkaSettings { BootstrapServers = bootstrap, ClicksTopic = topic };
        return new BenchTopic(kafka, Path.GetFullPath(expectedPath), Math.Round((double)figures.Carts / Math.Max(1, figures.Visitors), 2));
    }

    private static int Run(int[] workers, BenchTactics tactics, int rounds, string folder, IEnumerable<BenchTopic> topics)
    {
        var runs = new ThroughputRuns(workers, tactics, rounds, folder, Console.Error.WriteLine);
        var all = new List<List<ContenderRuns>>();
        foreach (var topic in topics)
        {
            all.Add(runs.Measure(topic));
            ThroughputTable.Write(all[^1]);
        }
        File.WriteAllText(Path.Combine(folder, "throughput.json"), JsonSerializer.Serialize(new { Machine = Machine.Describe(), Tactics = tactics.ToString(), Topics = all }, s_json));
        File.WriteAllText(Path.Combine(folder, "throughput.html"), ThroughputPage.Write(all));
        Console.Error.WriteLine($"{Path.Combine(folder, "throughput.html")} and throughput.json beside it");
        return all.SelectMany(static topic => topic).Any(static contender => contender.Rounds.Any(static round => round.Mistakes.Count > 0)) ? 1 : 0;
    }
}
