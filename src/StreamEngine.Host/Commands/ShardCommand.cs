using System.CommandLine;
using StreamEngine.Engine.Stores;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Screen;
using StreamEngine.Host.Settings;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Host.Commands;

/// <summary>What an operator does about a shard that stands still.</summary>
public static class ShardCommand
{
    private static readonly TimeSpan BrokerWait = TimeSpan.FromSeconds(5);

    public static Command Create(CommandFrame frame) =>
        new HostCommand("shard", "One shard: where it is, and what to do where it cannot go on by itself.", "streamengine shard show 3") { Show(frame), SkipTo(frame), Forget(frame) };

    private static HostCommand Show(CommandFrame frame)
    {
        var shard = ShardArgument();
        var command = new HostCommand(
            "show", "Shows where a shard is, what its partition of the topic holds, and what operators did to it. Also while an engine runs.", "streamengine shard show 3")
        {
            shard, frame.Config, frame.Set,
        };
        frame.OnRun(command, run =>
        {
            var (record, range) = Look(run.ReadSettings().Settings, run.Args.GetValue(shard));
            ShardSheet.Write(run.Output, record, range);
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static HostCommand SkipTo(CommandFrame frame)
    {
        var shard = ShardArgument();
        var offset = new Argument<long>("offset") { Description = "The next record to read." };
        var (reason, yes) = (ReasonOption(), YesOption());
        var command = new HostCommand(
            "skip-to", "Lets a shard go on at another offset of its partition. Its sessions stay as they are. The engine that has the shard must be stopped.",
            "streamengine shard skip-to 3 400 --reason \"retention was too short for the outage\"")
        {
            shard, offset, reason, yes, frame.Config, frame.Set,
        };
        frame.OnRun(command, run =>
        {
            var settings = run.ReadSettings().Settings;
            var target = run.Args.GetValue(offset);
            var (record, range) = Look(settings, run.Args.GetValue(shard));
            if (target < 0 || (range is not null && (target < range.First || target > range.End)))
            {
                throw new UsageException(range is null ? "an offset is 0 or more" : FormattableString.Invariant(
                    $"partition {record.Shard} of {settings.Kafka.ClicksTopic} holds {range.First} to {range.End - 1}: name an offset from {range.First} to {range.End}"));
            }
            return Task.FromResult(Repair(run, settings, record, range, RepairKind.SkipTo, target, run.Args.GetValue(reason)!, run.Args.GetValue(yes)));
        });
        return command;
    }

    private static HostCommand Forget(CommandFrame frame)
    {
        var shard = ShardArgument();
        var (reason, yes) = (ReasonOption(), YesOption());
        var command = new HostCommand(
            "forget", "Drops a shard's sessions and carts: it begins anew where its partition begins. Actions stay, published or not. The engine that has the shard must be stopped.",
            "streamengine shard forget 3 --reason \"the topic was made anew\"")
        {
            shard, reason, yes, frame.Config, frame.Set,
        };
        frame.OnRun(command, run =>
        {
            var settings = run.ReadSettings().Settings;
            var (record, range) = Look(settings, run.Args.GetValue(shard));
            return Task.FromResult(Repair(run, settings, record, range, RepairKind.Forget, -1, run.Args.GetValue(reason)!, run.Args.GetValue(yes)));
        });
        return command;
    }

    private static (ShardRecord Record, LogRange? Range) Look(HostSettings settings, int shard)
    {
        return (NodeStore.ReadShard(settings.Store, shard), LogRange.Ask(RunningNode.KafkaOf(settings.Kafka), shard, BrokerWait));
    }

    private static int Repair(
        CommandRun run, HostSettings settings, ShardRecord record, LogRange? range, RepairKind kind, long offset, string reason, bool isSure)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new UsageException("--reason takes a sentence for those who come after you");
        }
        // Whoever runs on a file holds its lock until he ends. On servers the rising epoch takes the shard away from a node that still has it.
        using var store = NodeStore.Open(settings.Store, TimeProvider.System, run.Loggers);
        ShardSheet.Write(run.Output, record, range);
        run.Output.WriteLine();
        run.Output.WriteLine(RepairMeaning.Of(kind, record, range, offset));
        if (!isSure && !Confirmation.Ask(run.Output))
        {
            run.Output.WriteLine("Nothing was done.");
            return ExitCode.Failed;
        }
        store.Repair(new ShardRepair(
            record.Shard, record.Epoch, kind, offset, $"{Environment.UserName}@{Environment.MachineName}", reason, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        run.Output.WriteLine("Done and noted. Start the engine again.");
        return ExitCode.Ok;
    }

    private static Argument<int> ShardArgument() => new("shard") { Description = "Its number: that of the partition." };

    private static Option<string> ReasonOption() => new("--reason") { Description = "Why; kept in the database and shown by 'shard show'.", Required = true, HelpName = "TEXT" };

    private static Option<bool> YesOption() => new("--yes") { Description = "Do not ask." };
}
