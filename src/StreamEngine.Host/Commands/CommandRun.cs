using System.CommandLine;
using Microsoft.Extensions.Logging;
using StreamEngine.Host.Settings;

namespace StreamEngine.Host.Commands;

/// <summary>What a command's body gets to work with.</summary>
/// <param name="Output">For results: what a pipe wants. Everything else goes to <paramref name="Error"/> or a log.</param>
/// <param name="Stop">Cancelled by the first Ctrl-C or SIGTERM: finish what was read, commit, return.</param>
public sealed record CommandRun(CommandFrame Frame, ParseResult Args, TextWriter Output, TextWriter Error, ILoggerFactory Loggers, CancellationToken Stop)
{
    /// <summary>Settings from file, environment and --set; for commands that have <see cref="CommandFrame.Config"/> and <see cref="CommandFrame.Set"/>.</summary>
    /// <exception cref="SettingsException">Something is wrong; it lists all that is.</exception>
    public SettingsFound ReadSettings() =>
        SettingsReader.Read(Args.GetValue(Frame.Config), ProcessEnvironment.Variables(), Args.GetValue(Frame.Set) ?? []);
}
