using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamEngine.Host.Demo;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Host.Commands;

public static class GenerateCommand
{
    private static readonly TimeSpan BrokerWait = TimeSpan.FromSeconds(15);

    public static Command Create(CommandFrame frame)
    {
        var defaults = new ShopperOptions();
        var shoppers = new Option<long>("--shoppers") { Description = "How many visitors come.", DefaultValueFactory = _ => defaults.Shoppers ?? 10_000 };
        var rate = new Option<double>("--rate") { Description = "Clicks a second, in the stream's own time.", DefaultValueFactory = _ => defaults.ClicksPerSecond };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same bytes.", DefaultValueFactory = _ => defaults.Seed };
        var cartShare = new Option<double>("--cart-share") { Description = "Share of visitors with a cart, 0 to 1.", DefaultValueFactory = _ => defaults.CartShare };
        var start = new Option<DateTimeOffset?>("--start") { Description = "Time of the first click; default a fixed Monday morning, or now with --live.", HelpName = "TIME" };
        var live = new Option<bool>("--live") { Description = "Send each click when its time has come, beginning now; else as fast as it goes." };
        var outFile = new Option<string?>("--out") { Description = "Write JSON lines to this file instead of the topic; - for standard output.", HelpName = "FILE" };
        var topic = new Option<string?>("--topic")
        {
            Description = "Fill this topic instead of Kafka:ClicksTopic, e.g. for a benchmark of several engines; it is made where it is missing, with the producers' times.",
            HelpName = "NAME",
        };
        var partitions = new Option<int>("--partitions") { Description = "Of a topic that --topic makes.", DefaultValueFactory = static _ => 8, HelpName = "N" };
        var expected = new Option<string?>("--expected")
        {
            Description = "Write what a right engine must find in this stream, as JSON: records, records by kind, duplicates, visitors, carts, orders (purchases), carts "
                + "abandoned and recovered with their values in minor units by currency, and the idle, exit and recovery times (ms) and the seed that this holds for.",
            HelpName = "FILE",
        };
        var command = new HostCommand(
            "generate",
            "Generates shoppers whose habits were measured on real shops: gaps, carts, purchases, duplicates, late clicks. To the clicks topic, or to a file.",
            "streamengine generate --out clicks.jsonl --shoppers 1000 --expected expected.json",
            "streamengine generate --live --rate 500 --set Kafka:BootstrapServers=kafka:9092",
            "streamengine generate --topic bench --shoppers 200000 --expected bench.json --set Kafka:BootstrapServers=kafka:9092")
        {
            shoppers, rate, seed, cartShare, start, live, outFile, topic, partitions, expected, frame.Config, frame.Set,
        };
        frame.OnRun(command, run =>
        {
            var settings = run.ReadSettings().Settings;
            var isLive = run.Args.GetValue(live);
            var begin = run.Args.GetValue(start)?.ToUnixTimeMilliseconds() ?? (isLive ? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() : defaults.StartMs);
            var options = defaults with
            {
                Shoppers = run.Args.GetValue(shoppers),
                ClicksPerSecond = run.Args.GetValue(rate),
                Seed = run.Args.GetValue(seed),
                CartShare = run.Args.GetValue(cartShare),
                StartMs = begin,
                Sessions = settings.Sessions,
            };
            ValidateOptions(options);
            var expectedPath = run.Args.GetValue(expected);
            if (run.Args.GetValue(outFile) is { } file)
            {
                return Task.FromResult(ToFile(run, options, file, expectedPath));
            }
            var kafka = RunningNode.KafkaOf(settings.Kafka);
            if (run.Args.GetValue(topic) is not { } name)
            {
                return Task.FromResult(ToTopic(run, options, kafka, TopicCheck.Run(kafka, BrokerWait).ClicksPartitions, isLive, expectedPath));
            }
            kafka = kafka with { ClicksTopic = name };
            return Task.FromResult(ToTopic(run, options, kafka, Prepare(kafka, run.Args.GetValue(partitions), expectedPath), isLive, expectedPath));
        });
        return command;
    }

    private static void ValidateOptions(ShopperOptions options)
    {
        try
        {
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static int ToFile(CommandRun run, ShopperOptions options, string path, string? expectedPath)
    {
        // One order, one time: the last click tells a replay how far time goes.
        using var stream = new ShopperStream(options, new PartitionMap(1, static _ => 0));
        using var file = path is "-" ? Console.OpenStandardOutput() : File.Create(path);
        long clicks = 0;
        while (!run.Stop.IsCancellationRequested && stream.TryNext(out var click))
        {
            file.Write(click.Value.Span);
            file.WriteByte((byte)'\n');
            clicks++;
        }
        return Finish(run, stream, clicks, path, expectedPath);
    }

    /// <returns>The topic's partitions.</returns>
    private static int Prepare(KafkaSettings kafka, int partitions, string? expectedPath)
    {
        if (partitions is < 1 or > 10_000)
        {
            throw new UsageException("--partitions takes 1 to 10000");
        }
        var topic = TopicCreation.RunClicks(kafka, new TopicPlan(partitions, ProducersTime: true), BrokerWait);
        // The partitions of a topic that was just made have no leader for a moment; they are empty.
        var found = topic.Created ? 0 : LogEnds.Ask(kafka, topic.Partitions, BrokerWait).Sum();
        return found == 0 || expectedPath is null
            ? topic.Partitions
            : throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"the topic {topic.Topic} holds {found:N0} records already, and --expected would tell of the new ones only: name another topic, or delete this one"));
    }

    private static int ToTopic(CommandRun run, ShopperOptions options, KafkaSettings kafka, int partitions, bool isLive, string? expectedPath)
    {
        var stream = new ShopperStream(options, isLive ? null : new PartitionMap(partitions, key => Murmur2.Partition(key, partitions)));
        var producer = new ClickProducer(kafka, TimeProvider.System, run.Loggers.CreateLogger<ClickProducer>());
        using var feed = new ShopperFeed(stream, producer, isLive ? TimeProvider.System : null);
        feed.Run(run.Stop);
        return Finish(run, stream, feed.Sent, $"topic {kafka.ClicksTopic}", expectedPath);
    }

    private static int Finish(CommandRun run, ShopperStream stream, long clicks, string target, string? expectedPath)
    {
        run.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clicks:N0} clicks to {target}"));
        if (run.Stop.IsCancellationRequested)
        {
            return ExitCode.Failed;
        }
        if (expectedPath is not null)
        {
            File.WriteAllText(expectedPath, stream.ExpectedFigures().ToJson());
        }
        return ExitCode.Ok;
    }
}
