using System.CommandLine;
using System.CommandLine.Parsing;

namespace StreamEngine.Host.Commands;

/// <summary>What is said about arguments that cannot be understood: short, with the nearest spelling and the way to the help.</summary>
public static class UsageMessage
{
    public static async Task<int> WriteAsync(RootCommand root, ParseResult result, TextWriter error)
    {
        var command = result.CommandResult.Command;
        var line = string.Join(' ', Path(result.CommandResult).Reverse());
        if (result.UnmatchedTokens.Count == 0 && command.Subcommands.Count > 0 && command.Action is null)
        {
            // "streamengine" or "streamengine topics": somebody asks what there is.
            await root.Parse([.. line.Split(' ')[1..], "--help"]).InvokeAsync(new InvocationConfiguration { Output = error, Error = error });
            return ExitCode.Usage;
        }
        // Beside a misspelled command the parser also says that a command is missing.
        var messages = result.Errors.Select(static e => e.Message).Distinct(StringComparer.Ordinal).ToList();
        var unmatched = messages.Where(message => result.UnmatchedTokens.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal))).ToList();
        foreach (var message in command.Action is null && unmatched.Count > 0 ? unmatched : messages)
        {
            await error.WriteLineAsync($"streamengine: {message}");
        }
        var words = root.Options.Concat(command.Options).Select(static option => option.Name).Concat(command.Subcommands.Select(static sub => sub.Name)).ToList();
        foreach (var near in result.UnmatchedTokens.Select(token => NearestSpelling.Of(token, words)).OfType<string>())
        {
            await error.WriteLineAsync($"Did you mean {near}?");
        }
        await error.WriteLineAsync($"'{line} --help' shows what is right.");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Path(CommandResult? command)
    {
        for (; command is not null; command = command.Parent as CommandResult)
        {
            yield return command.Command is RootCommand ? "streamengine" : command.Command.Name;
        }
    }
}
