using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Screen;

namespace StreamEngine.Host.Commands;

public static class RunCommand
{
    public static Command Create(CommandFrame frame)
    {
        var untilCaughtUp = new Option<bool>("--until-caught-up")
        {
            Description = "End, with a summary, when every click that is there now has been processed, committed and its actions published. Deadlines fire in the clicks' own time only.",
        };
        var json = new Option<bool>("--json") { Description = "Write the summary as JSON." };
        var acceptEmptyStore = new Option<bool>(EmptyStoreCheck.Option)
        {
            Description = "Start on a database without a commit although the consumer group has read clicks: reads all clicks that the topic holds, and publishes their actions again under the ids they had.",
        };
        var role = new Option<string>(NodeRoles.Option)
        {
            Description = "What this node does, separated by commas: engine. Any number of nodes may run; the consumer group spreads the shards over them.",
            HelpName = "ROLES",
            DefaultValueFactory = static _ => NodeRoles.Engine,
        };
        var live = new Option<bool>("--live") { Description = "Show a live screen instead of the log's lines." };
        var command = new HostCommand(
            "run",
            "Runs the engine: reads clicks from Kafka, keeps a session per visitor, publishes actions. Ctrl-C commits and publishes what is done, then ends.",
            "streamengine run --set Kafka:BootstrapServers=kafka:9092",
            "streamengine run --role engine",
            "streamengine run --until-caught-up --json")
        {
            role, untilCaughtUp, json, live, acceptEmptyStore, frame.Config, frame.Set,
        };
        frame.OnRun(command, async run =>
        {
            _ = NodeRoles.Parse(run.Args.GetValue(role)!);
            var settings = run.ReadSettings().Settings;
            var catchesUp = run.Args.GetValue(untilCaughtUp);
            var time = TimeProvider.System;
            var start = time.GetTimestamp();
            using var node = RunningNode.Start(settings, time, run.Loggers, catchesUp, run.Args.GetValue(acceptEmptyStore));
            using var collection = FirstCollection.PutOff(node.Engine, time);
            using var readiness = new ReadinessWatch(node.Engine, time, run.Loggers.CreateLogger<ReadinessWatch>());
            if (run.Args.GetValue(live))
            {
                await new EngineWatch("StreamEngine", node.Engine, run.Output).ShowAsync(live: !Console.IsOutputRedirected, duration: null, run.Stop);
            }
            else
            {
                await Task.WhenAny(node.Engine.Ended, Task.Delay(Timeout.InfiniteTimeSpan, time, run.Stop));
            }
            node.Engine.Stop();
            await node.Engine.Ended;
            var last = EngineSnapshot.Of(node.Engine.Workers);
            var elapsed = time.GetElapsedTime(start);
            var isDone = node.CatchUp is { IsDone: true, Stopped.Count: 0 };
            if (run.Args.GetValue(json))
            {
                Summary.WriteJson(run.Output, last, elapsed);
            }
            else
            {
                Summary.Write(run.Output, isDone ? "Caught up." : "Stopped.", last, elapsed);
            }
            foreach (var (shard, reason) in node.CatchUp?.Stopped ?? new Dictionary<int, string>())
            {
                run.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"streamengine: shard {shard} did not catch up: {reason}"));
            }
            return !catchesUp || isDone ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }
}
