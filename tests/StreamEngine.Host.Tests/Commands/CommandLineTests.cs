using StreamEngine.Host.Settings;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

/// <summary>The command line as a process: what a shell and a script see.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Without_arguments_it_shows_its_help_on_stderr_and_exits_with_2()
    {
        var run = await ChildProcess.StreamEngineAsync(_directory.Path);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("settings", run.Error, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_command_gets_the_nearest_spelling()
    {
        var run = await ChildProcess.StreamEngineAsync(_directory.Path, "setings");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(
            ["streamengine: Unrecognized command or argument 'setings'.", "Did you mean settings?", "'streamengine --help' shows what is right."],
            run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task An_unknown_option_gets_the_nearest_spelling()
    {
        var run = await ChildProcess.StreamEngineAsync(_directory.Path, "settings", "--confg", "x.json");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Did you mean --config?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_lists_every_setting_with_its_value_and_origin()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["STREAMENGINE_Kafka__Client__sasl.password"] = "hunter2",
            ["STREAMENGINE_Sessions__IdleAfter"] = "20 min",
        };
        var run = await ChildProcess.RunAsync(
            _directory.Path, environment, "dotnet", Path.Combine(AppContext.BaseDirectory, "streamengine.dll"), "settings", "--set", "Engine:Workers=3");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(SettingList.All, setting => Assert.Contains(setting.Key, run.Output, StringComparison.Ordinal));
        Assert.Matches(@"Sessions:IdleAfter +20m +environment variable STREAMENGINE_Sessions__IdleAfter ", run.Output);
        Assert.Matches(@"Engine:Workers +3 +--set ", run.Output);
        Assert.DoesNotContain("hunter2", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_are_said_on_stderr_and_exit_with_2()
    {
        var file = _directory.Write("shop.json", """{ "Engine": { "Workers": "all" } }""");
        var run = await ChildProcess.StreamEngineAsync(_directory.Path, "settings", "--config", file, "--set", "Kafka:GroupIdd=x", "--set", "oops");
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal(
            [
                "streamengine: 3 mistakes in the settings:",
                "  --set: Kafka:GroupIdd is no setting; did you mean Kafka:GroupId?",
                "  --set oops: write Section:Key=value, such as --set Kafka:GroupId=shop",
                $"  {file}: Engine:Workers is 'all'; write a whole number from 0 to 1024",
            ],
            run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Set_without_a_value_is_wrong_usage()
    {
        Assert.Equal(2, (await ChildProcess.StreamEngineAsync(_directory.Path, "settings", "--set")).ExitCode);
    }

    [Fact]
    public async Task Verbose_and_quiet_exclude_each_other()
    {
        Assert.Equal(2, (await ChildProcess.StreamEngineAsync(_directory.Path, "settings", "--verbose", "--quiet")).ExitCode);
    }
}
