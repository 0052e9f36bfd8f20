using System.CommandLine;
using System.CommandLine.Invocation;
using StreamEngine.Engine;
using StreamEngine.Host.Settings;

namespace StreamEngine.Host.Commands;

/// <summary>What all commands share: common options, log, Ctrl-C, and how an error becomes a message and an exit code.</summary>
public sealed class CommandFrame(TextWriter output, TextWriter error)
{
    public Option<string?> Config { get; } = new("--config")
    {
        Description = $"A JSON file of settings. Default: {SettingSources.ConfigPathDefault}, where it exists.",
        HelpName = "FILE",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Sets one setting; wins over the environment (STREAMENGINE_Section__Key), which wins over the file. May be repeated.",
        HelpName = "Section:Key=value",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Log more, to stderr.", Recursive = true };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Log only warnings and errors, to stderr.", Recursive = true };

    /// <summary>Gives the command its body, which returns an <see cref="ExitCode"/> and may throw what the frame knows how to report.</summary>
    public void OnRun(Command command, Func<CommandRun, Task<int>> body) => command.SetAction(args => RunBodyAsync(args, body));

    public Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args)
    {
        // "@name" is a value like any other here, not a file of further arguments.
        var result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction)
        {
            return UsageMessage.WriteAsync(root, result, error);
        }
        return result.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // Ctrl-C is ours: see StopSignals.
            ProcessTerminationTimeout = null,
        });
    }

    private async Task<int> RunBodyAsync(ParseResult args, Func<CommandRun, Task<int>> body)
    {
        using var fileSize = FileSizeSignal.Survive();
        using var signals = new StopSignals(error, Environment.Exit);
        signals.Listen();
        try
        {
            using var loggers = LogSetup.Create(args.GetValue(Verbose), args.GetValue(Quiet));
            return await body(new CommandRun(this, args, output, error, loggers, signals.Stop));
        }
        catch (UsageException e)
        {
            return Report(e.Message, ExitCode.Usage);
        }
        catch (SettingsException e)
        {
            return Report(e.Message, ExitCode.Usage);
        }
        catch (Exception e) when (e is EngineFatalException or ShardStoppedException or IOException or UnauthorizedAccessException)
        {
            return Report(e.Message, ExitCode.Fatal);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return Report("stopped before it was done", ExitCode.Interrupted);
        }
    }

    private int Report(string message, int exitCode)
    {
        error.WriteLine($"streamengine: {message}");
        return exitCode;
    }
}
