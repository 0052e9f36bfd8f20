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
        var expected = new Option<string?>("--expected") { Description = "Write what a right engine must find in this stream.", HelpName = "FILE" };
        var command = new HostCommand(
            "generate",
            "Generates shoppers whose habits were measured on real shops: gaps, carts, purchases, duplicates, late clicks. To the clicks topic, or to a file.",
            "streamengine generate --out clicks.jsonl --shoppers 1000 --expected expected.json",
            "streamengine generate --live --rate 500 --set Kafka:BootstrapServers=kafka:9092")
        {
            shoppers, rate, seed, cartShare, start, live, outFile, expected, frame.Config, frame.Set,
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
            return Task.FromResult(run.Args.GetValue(outFile) is { } file
                ? ToFile(run, options, file, run.Args.GetValue(expected))
                : ToTopic(run, options, RunningNode.KafkaOf(settings.Kafka), isLive, run.Args.GetValue(expected)));
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

    private static int ToTopic(CommandRun run, ShopperOptions options, KafkaSettings kafka, bool isLive, string? expectedPath)
    {
        var partitions = TopicCheck.Run(kafka, BrokerWait).ClicksPartitions;
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
