using System.CommandLine;
using StreamEngine.Host.Settings;

namespace StreamEngine.Host.Commands;

public static class SettingsCommand
{
    public static Command Create(CommandFrame frame)
    {
        var markdown = new Option<bool>("--markdown") { Description = "Write the reference page instead: every setting with its range and default." };
        var command = new HostCommand(
            "settings",
            "Shows every setting: the value in force, where it comes from, what it means. Checks them as a start would; secrets are hidden.",
            "streamengine settings",
            "streamengine settings --config shop.json --set Sessions:IdleAfter=20m")
        {
            markdown,
            frame.Config,
            frame.Set,
        };
        frame.OnRun(command, run =>
        {
            if (run.Args.GetValue(markdown))
            {
                SettingsTable.WriteMarkdown(run.Output);
            }
            else
            {
                SettingsTable.WriteInForce(run.ReadSettings(), run.Output);
            }
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }
}
