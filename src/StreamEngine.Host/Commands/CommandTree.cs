using System.CommandLine;
using System.CommandLine.Help;

namespace StreamEngine.Host.Commands;

/// <summary>All commands. A command is a static class with Create(frame), in a file of its own, and is added here.</summary>
public sealed class CommandTree
{
    private readonly CommandFrame _frame;

    private CommandTree(CommandFrame frame, RootCommand root) => (_frame, Root) = (frame, root);

    public RootCommand Root { get; }

    public static CommandTree Create(CommandFrame frame)
    {
        var root = new RootCommand("StreamEngine watches shop carts on a Kafka clickstream and decides the moment at which help rescues a sale.")
        {
            frame.Verbose,
            frame.Quiet,
            RunCommand.Create(frame),
            DemoCommand.Create(frame),
            GenerateCommand.Create(frame),
            ReplayCommand.Create(frame),
            TacticsCommand.Create(frame),
            TopicsCommand.Create(frame),
            StoreCommand.Create(frame),
            ShardCommand.Create(frame),
            SettingsCommand.Create(frame),
            CapacityCommand.Create(frame),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return new CommandTree(frame, root);
    }

    public Task<int> RunAsync(IReadOnlyList<string> args) => _frame.RunAsync(Root, args);
}
