using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.Host.Clickstreams;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Replay;
using StreamEngine.Host.Screen;
using StreamEngine.Host.Settings;
using StreamEngine.Kafka;
using StreamEngine.Storage.Memory;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Host.Commands;

public static class ReplayCommand
{
    public static Command Create(CommandFrame frame)
    {
        var path = new Argument<string>("FILE") { Description = "Segment JSON lines, or a REES46, Taobao, OTTO or simple-onlineshop file; may be gzipped." };
        var format = new Option<string?>("--format") { Description = "Name the format instead of recognising it: segment-json, rees46, taobao, otto, simple-online-shop.", HelpName = "NAME" };
        var shards = new Option<int>("--shards") { Description = "Partitions to spread visitors over.", DefaultValueFactory = static _ => 8 };
        var database = new Option<string?>("--db") { Description = "Keep the result in a new SQLite file, to look into afterwards.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Write the summary as JSON." };
        var command = new HostCommand(
            "replay",
            "Plays a recorded clickstream into the engine as fast as it goes, in the file's own time: who would have been contacted, when and why. Nothing is sent.",
            "streamengine replay clicks.jsonl.gz",
            "streamengine replay 2019-Oct.csv --db replay.db --json")
        {
            path, format, shards, database, json, frame.Config, frame.Set,
        };
        frame.OnRun(command, run =>
        {
            using var loggers = LogSetup.ForScreen(run.Args.GetValue(frame.Verbose));
            run = run with { Loggers = loggers };
            if (run.Args.GetValue(shards) is < 1 or > 4096)
            {
                throw new UsageException("--shards takes 1 to 4096");
            }
            var settings = run.ReadSettings().Settings;
            settings = settings with { Engine = settings.Engine with { ExpireOverdue = false } };
            try
            {
                var known = run.Args.GetValue(format) is { } name ? ClickstreamFile.ParseFormat(name) : (ClickstreamFormat?)null;
                using var file = ClickstreamFile.Open(run.Args.GetRequiredValue(path), known);
                using var store = OpenStore(run.Args.GetValue(database), run.Loggers);
                return Task.FromResult(Play(run, settings, file, store, run.Args.GetValue(shards), run.Args.GetValue(json)));
            }
            catch (ClickstreamException e)
            {
                throw new IOException(e.Message, e);
            }
        });
        return command;
    }

    private static int Play(CommandRun run, HostSettings settings, ClickstreamFile file, IShardStore store, int shardCount, bool json)
    {
        var time = TimeProvider.System;
        store.Provision("replay", shardCount);
        var tactics = TacticsLoading.Load(settings.TacticsPath, settings.Sessions.Currency);
        var rules = new ShardRules(settings.Sessions, tactics, settings.Engine, "replay", shardCount, Murmur2.Partition);
        var source = new ClickstreamSource(file, shardCount);
        // A goal that is never reached: the worker stays in the file's time and ends when the file does.
        var never = new CatchUp([.. Enumerable.Repeat(long.MaxValue, shardCount)]);
        using var worker = new Worker(new WorkerParts(
            source, new NoOutlet(), store, rules, settings.Clicks, "replay", time, run.Loggers.CreateLogger<Worker>())
        {
            CatchUp = never,
            StartRead = StoreReads.AtOnce,
        });
        var start = time.GetTimestamp();
        worker.Start();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(run.Error), Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect });
        console.Progress().AutoClear(true).HideCompleted(true).Start(progress =>
        {
            var bar = progress.AddTask(Markup.Escape(Path.GetFileName(file.Path)), maxValue: Math.Max(1, file.BytesTotal));
            while (!run.Stop.IsCancellationRequested && !(source.IsFinished && worker.IsQuiet))
            {
                worker.RunOnce();
                bar.Value = file.BytesRead;
            }
            // The file has one time: a visitor whose shard heard nothing more is not younger than the others.
            worker.AdvanceTo(source.NewestMs);
            do
            {
                worker.RunOnce();
            }
            while (!run.Stop.IsCancellationRequested && !worker.IsQuiet);
        });
        worker.Drain();
        var last = EngineSnapshot.Of([worker]);
        var elapsed = time.GetElapsedTime(start);
        if (json)
        {
            Summary.WriteJson(run.Output, last, elapsed, new Dictionary<string, long>(StringComparer.Ordinal) { ["rows"] = file.Rows, ["unreadableRows"] = file.MistakeCount });
        }
        else
        {
            Summary.Write(run.Output, $"Replayed {file.Path} ({file.Format}).", last, elapsed, [("rows not readable", Dashboard.N(file.MistakeCount))]);
        }
        foreach (var mistake in file.Mistakes.Take(10))
        {
            run.Error.WriteLine(mistake);
        }
        if (file.MistakeCount > 10)
        {
            run.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"... and {file.MistakeCount - 10} more rows that cannot be read"));
        }
        return source.IsFinished && file.MistakeCount == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static IShardStore OpenStore(string? path, ILoggerFactory loggers)
    {
        if (path is null)
        {
            return new MemoryShardStore(keep: false);
        }
        if (File.Exists(path))
        {
            throw new UsageException($"{path} exists: a replay starts from nothing; name a new file");
        }
        return new SqliteShardStore(new SqliteStoreOptions { Path = path }, TimeProvider.System, loggers.CreateLogger<SqliteShardStore>());
    }
}
