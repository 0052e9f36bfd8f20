using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamEngine.Host.Demo;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Screen;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Host.Commands;

public static class DemoCommand
{
    private const int Partitions = 8;

    /// <summary>Sped-up time begins in the past, so that it does not overtake a real broker's clock, which refuses records from the future.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromDays(30);

    public static Command Create(CommandFrame frame)
    {
        var duration = new Option<string?>("--for") { Description = "End after this time with a summary, e.g. 30s; default: until Ctrl-C.", HelpName = "TIME" };
        var speed = new Option<double>("--speed") { Description = "How many times faster the shop's time runs: 60 turns an hour into a minute.", DefaultValueFactory = static _ => 60 };
        var rate = new Option<double>("--rate") { Description = "Clicks a second, in real time.", DefaultValueFactory = static _ => 2_000 };
        var seed = new Option<ulong>("--seed") { Description = "Which shoppers come.", DefaultValueFactory = static _ => 1 };
        var kafka = new Option<string?>("--kafka") { Description = "Use this broker instead of the embedded one; a second run goes on where the first ended.", HelpName = "HOST:PORT" };
        var command = new HostCommand(
            "demo",
            "Shows the engine at work: Kafka (embedded, or a real one), a database under ./data, generated shoppers, and a live screen of what is decided and why.",
            "streamengine demo --for 30s",
            "streamengine demo --speed 1",
            "streamengine demo --kafka localhost:9092")
        {
            duration, speed, rate, seed, kafka, frame.Config, frame.Set,
        };
        frame.OnRun(command, async run =>
        {
            using var loggers = LogSetup.ForScreen(run.Args.GetValue(frame.Verbose));
            run = run with { Loggers = loggers };
            var time = run.Args.GetValue(duration) is { } text ? ParseDuration(text) : (TimeSpan?)null;
            var (clickRate, factor) = (run.Args.GetValue(rate), run.Args.GetValue(speed));
            if (factor is not (>= 1 and <= 10_000) || clickRate is not (>= 1 and <= 100_000))
            {
                throw new UsageException("--speed takes 1 to 10000, --rate 1 to 100000");
            }
            var settings = run.ReadSettings().Settings;
            var address = run.Args.GetValue(kafka);
            using var broker = address is null ? EmbeddedBroker.Start(Partitions) : null;
            var file = address is null ? "data/demo.db" : "data/demo-kafka.db";
            if (address is null)
            {
                // An embedded broker starts empty, so the shards of its last life mean nothing.
                DeleteDatabase(file);
            }
            settings = settings with
            {
                Kafka = address is null ? Embedded(settings.Kafka, broker!) : settings.Kafka with { BootstrapServers = address },
                Store = settings.Store with { Path = file },
                // Sped-up time runs away from the real one at every look: that is no jump.
                Engine = settings.Engine with { ClockHoldMs = 0 },
            };
            return await PlayAsync(run, settings, new ShopperOptions
            {
                Seed = run.Args.GetValue(seed),
                Shoppers = null,
                ClicksPerSecond = clickRate / factor,
                Sessions = settings.Sessions,
            }, factor, time);
        });
        return command;
    }

    private static async Task<int> PlayAsync(CommandRun run, HostSettings settings, ShopperOptions shoppers, double speed, TimeSpan? duration)
    {
        var kafka = RunningNode.KafkaOf(settings.Kafka);
        var goesOn = File.Exists(settings.Store.Path);
        var clock = new SpeedTime(StartOf(settings.Store.Path, speed), speed);
        using var seen = new ActionsSeen(kafka);
        using var node = RunningNode.Start(settings, clock, run.Loggers, acceptEmptyStore: true);
        run.Error.WriteLine("Waiting for Kafka's consumer group ...");
        await WaitForShardsAsync(node, run.Stop);
        if (goesOn)
        {
            var found = EngineSnapshot.Of(node.Engine.Workers);
            run.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Going on where the last run ended: {Dashboard.N(found.Sessions.Sum(static s => s.Count))} sessions, {Dashboard.N(found.DeadlinesArmed)} deadlines, shop time {clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}."));
        }
        var start = clock.GetTimestamp();
        var producer = new ClickProducer(kafka, TimeProvider.System, run.Loggers.CreateLogger<ClickProducer>());
        var beginMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        // Who came in the last run is remembered: this one gets shoppers of its own.
        var stream = new ShopperStream(shoppers with { StartMs = beginMs, Seed = goesOn ? shoppers.Seed + (ulong)beginMs : shoppers.Seed });
        using var feed = new ShopperFeed(stream, producer, clock);
        feed.StartBeside();
        var title = string.Create(CultureInfo.InvariantCulture, $"StreamEngine demo: Kafka at {kafka.BootstrapServers}, {settings.Store.Path}, time x{speed:0.##}");
        var watch = new EngineWatch(title, node.Engine, run.Output, () => string.Create(CultureInfo.InvariantCulture, $"shop time {clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}, subscriber has {seen.Total:N0} actions"));
        await watch.ShowAsync(live: !Console.IsOutputRedirected, duration, run.Stop);
        if (feed.Failure is { } failure)
        {
            throw new IOException($"The shoppers' clicks did not reach Kafka: {failure.Message}", failure);
        }
        feed.Stop();
        await WaitForClicksAsync(node, feed.Sent);
        node.Engine.Stop();
        await node.Engine.Ended;
        var last = EngineSnapshot.Of(node.Engine.Workers);
        var elapsed = clock.GetElapsedTime(start);
        await WaitForSubscriberAsync(seen, last.Published);
        Summary.Write(run.Output, $"The demo ran for {elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s.", last, elapsed, [
            ("clicks sent to Kafka", Dashboard.N(feed.Sent)),
            ("actions published to Kafka", Dashboard.N(last.Published)),
            ("actions a subscriber received", Dashboard.N(seen.Total)),
            .. seen.ByType.OrderBy(static t => t.Key, StringComparer.Ordinal).Select(static t => ("  " + t.Key, Dashboard.N(t.Value))),
            ("  of them repeated", Dashboard.N(seen.Repeated)),
        ]);
        run.Output.WriteLine("The last action of each tactic, and why:");
        foreach (var row in watch.Latest.Rows.DistinctBy(LatestActions.TacticOf, StringComparer.Ordinal))
        {
            run.Output.WriteLine("  " + Dashboard.Plain(row));
        }
        return ExitCode.Ok;
    }

    /// <summary>
    /// The embedded broker waits up to a session timeout for members to join again when one comes late: 45 s by default, in which nothing is to be seen.
    /// </summary>
    private static KafkaPart Embedded(KafkaPart kafka, EmbeddedBroker broker) => kafka with
    {
        BootstrapServers = broker.BootstrapServers,
        Client = new Dictionary<string, string>(kafka.Client, StringComparer.Ordinal) { ["session.timeout.ms"] = "5000", ["heartbeat.interval.ms"] = "1000" },
    };

    /// <summary>Goes on where the shop's time ended; a first run begins in the past.</summary>
    private static DateTimeOffset StartOf(string path, double speed)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (speed <= 1)
        {
            return now;
        }
        var lastMs = 0L;
        if (File.Exists(path))
        {
            using var reader = SqliteStoreReader.Open(path);
            lastMs = reader.ReadSummary().Shards.Select(static s => s.ShardTimeMs).DefaultIfEmpty(0).Max();
        }
        return lastMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(lastMs) : now - HeadStart;
    }

    /// <summary>A group takes seconds to form; in sped-up time that would be minutes in which nobody answers the first shoppers.</summary>
    private static async Task WaitForShardsAsync(RunningNode node, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && !node.Engine.Ended.IsCompleted && node.Engine.Workers.Sum(static w => w.Stats.OpenShards) < node.ShardCount)
        {
            await Task.WhenAny(node.Engine.Ended, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop));
        }
    }

    /// <summary>What was sent last is read too, or the embedded broker would take it into its grave.</summary>
    private static async Task WaitForClicksAsync(RunningNode node, long sent)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (!node.Engine.Ended.IsCompleted && EngineSnapshot.Of(node.Engine.Workers).Clicks < sent && time.GetElapsedTime(start) < TimeSpan.FromSeconds(3))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }
    }

    /// <summary>What was published last may still be on its way to the subscriber; a second is plenty on one machine.</summary>
    private static async Task WaitForSubscriberAsync(ActionsSeen seen, long published)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (seen.Total < published && time.GetElapsedTime(start) < TimeSpan.FromSeconds(3))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }
    }

    private static void DeleteDatabase(string path)
    {
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(path + suffix))
            {
                File.Delete(path + suffix);
            }
        }
    }

    private static TimeSpan ParseDuration(string text) => Duration.TryParse(text, out var duration) && duration > TimeSpan.Zero
        ? duration
        : throw new UsageException($"--for {text} is not a time: write 30s, 5m or 1h");
}
