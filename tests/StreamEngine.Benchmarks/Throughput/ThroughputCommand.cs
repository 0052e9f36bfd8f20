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
    public static Command Create()
    {
        var rounds = CommonOptions.Rounds("Runs of each contender.", 3);
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
        var topic = new Option<string?>("--topic")
        {
            Description = "A prepared topic at KAFKA_BOOTSTRAP instead of generated ones: Segment JSON as value, the visitor as key, the producer's time; e.g. filled by 'streamengine generate --topic'.",
        };
        var expected = new Option<string?>("--expected")
        {
            Description = "What is to be found in it: the JSON file of 'streamengine generate --expected', whose help tells what it holds.",
            HelpName = "FILE",
        };
        var folder = CommonOptions.Out();
        var name = new Option<string?>("--name") { Description = "Of the result files. Default: throughput, or throughput-reminder." };
        var command = new Command("throughput", "Clicks a second and CPU of a click: bare loop, standard loop, Java loop, engine with SQLite, with PostgreSQL, and with a store that keeps nothing.")
        {
            rounds, clicks, workers, cartShare, tactics, topic, expected, folder, name,
        };
        command.SetAction(args =>
        {
            if (args.GetValue(topic) is null != args.GetValue(expected) is null)
            {
                return CommonOptions.Refuse("--topic and --expected belong together: without the figures no result can be checked.");
            }
            if (args.GetValue(topic) is not null && Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP") is not { Length: > 0 })
            {
                return CommonOptions.Refuse("--topic needs the broker that holds it: set KAFKA_BOOTSTRAP to its address.");
            }
            if (args.GetValue(rounds) < 1 || args.GetValue(clicks) < 1 || args.GetValue(workers)!.Any(static count => count < 1) || args.GetValue(cartShare)!.Any(static share => share is < 0 or > 1))
            {
                return CommonOptions.Refuse("--rounds, --clicks and --workers take 1 or more, --cart-share 0 to 1");
            }
            using var broker = RealBroker.TryStart(out var reason);
            if (broker is null)
            {
                return CommonOptions.Refuse(reason);
            }
            NativeClient.Load();
            BenchTopic? prepared = null;
            if (args.GetValue(topic) is { } given && !TryPrepared(broker.Address, given, args.GetValue(expected)!, out prepared))
            {
                return 2;
            }
            var shares = prepared is null ? args.GetValue(cartShare)! : [prepared.CartShare];
            var job = args.GetValue(tactics);
            return Run(
                args.GetValue(name) ?? (job == BenchTactics.Shipped ? "throughput" : "throughput-reminder"),
                new ThroughputRuns(args.GetValue(workers)!, job, args.GetValue(rounds), Directory.CreateDirectory(args.GetValue(folder)!).FullName, Console.Error.WriteLine),
                shares.Select(share => prepared ?? BenchTopic.Prepare(broker.Address, args.GetValue(clicks), share, Console.Error.WriteLine)));
        });
        return command;
    }

    private static bool TryPrepared(string bootstrap, string topic, string expectedPath, out BenchTopic? prepared)
    {
        prepared = null;
        try
        {
            var figures = ExpectedFigures.FromJson(File.ReadAllText(expectedPath));
            var kafka = new KafkaSettings { BootstrapServers = bootstrap, ClicksTopic = topic };
            prepared = new BenchTopic(kafka, Path.GetFullPath(expectedPath), Math.Round((double)figures.Carts / Math.Max(1, figures.Visitors), 2));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Console.Error.WriteLine($"{expectedPath}: {e.Message} Write it with: streamengine generate --topic {topic} --expected {expectedPath}");
            return false;
        }
    }

    private static int Run(string name, ThroughputRuns runs, IEnumerable<BenchTopic> topics) =>
        ThroughputChapter.Write(name, runs.Tactics, [.. topics.Select(runs.Measure)]).Publish(runs.Folder);
}
