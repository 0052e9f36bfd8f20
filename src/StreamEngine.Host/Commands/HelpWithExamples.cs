using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace StreamEngine.Host.Commands;

/// <summary>The library's help, and below it what the command looks like when it is used.</summary>
public sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        var examples = command is HostCommand one ? one.Examples : command.Subcommands.OfType<HostCommand>().Select(static sub => sub.Examples[0]);
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  {example}");
        }
        if (command is RootCommand)
        {
            output.WriteLine();
            output.WriteLine(ExitCode.Summary);
        }
        return ExitCode.Ok;
    }
}
