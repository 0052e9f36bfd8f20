using System.CommandLine;
using System.Globalization;
using StreamEngine.Host.Commands;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

public sealed class HelpTests
{
    [Fact]
    public async Task The_help_of_every_command_describes_it_and_shows_it_in_use()
    {
        foreach (var path in Paths(CommandTree.Create(new CommandFrame(TextWriter.Null, TextWriter.Null)).Root, []))
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture);
            Assert.Equal(ExitCode.Ok, await CommandTree.Create(new CommandFrame(output, output)).RunAsync([.. path, "--help"]));
            var examples = output.ToString().Split("Examples:")[1];
            Assert.Contains($"  streamengine {string.Join(' ', path)}".TrimEnd(), examples, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_example_is_understood_by_the_parser()
    {
        var root = CommandTree.Create(new CommandFrame(TextWriter.Null, TextWriter.Null)).Root;
        var examples = Commands(root).OfType<HostCommand>().SelectMany(static command => command.Examples).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            Assert.StartsWith("streamengine ", example, StringComparison.Ordinal);
            // What stands behind ">" is the shell's.
            Assert.Empty(root.Parse(example["streamengine ".Length..].Split(" > ")[0]).Errors);
        });
    }

    [Fact]
    public void Every_command_option_and_argument_says_what_it_is()
    {
        var root = CommandTree.Create(new CommandFrame(TextWriter.Null, TextWriter.Null)).Root;
        Assert.All(Commands(root), static command =>
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.All(command.Options, static option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
            Assert.All(command.Arguments, static argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), argument.Name));
        });
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    private static IEnumerable<string[]> Paths(Command command, string[] path) =>
        command.Subcommands.SelectMany(sub => Paths(sub, [.. path, sub.Name])).Prepend(path);
}
