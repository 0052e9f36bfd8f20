using System.CommandLine;
using System.Globalization;
using StreamEngine.Engine;
using StreamEngine.Host.Commands;
using StreamEngine.Host.Settings;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

/// <summary>How a command's end becomes a message and an exit code.</summary>
public sealed class CommandFrameTests : IDisposable
{
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task What_the_body_returns_is_the_exit_code()
    {
        Assert.Equal(ExitCode.Failed, await RunAsync(static _ => Task.FromResult(ExitCode.Failed)));
        Assert.Equal("", _error.ToString());
    }

    public static TheoryData<Exception, int> Failures => new()
    {
        { new EngineFatalException("no broker answers at localhost:1"), ExitCode.Fatal },
        { new ShardStoppedException("no broker answers at localhost:1"), ExitCode.Fatal },
        { new IOException("no broker answers at localhost:1"), ExitCode.Fatal },
        { new UnauthorizedAccessException("no broker answers at localhost:1"), ExitCode.Fatal },
        { new UsageException("no broker answers at localhost:1"), ExitCode.Usage },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task An_expected_failure_is_one_line_without_a_stack_trace(Exception failure, int exitCode)
    {
        Assert.Equal(exitCode, await RunAsync(_ => throw failure));
        Assert.Equal($"streamengine: no broker answers at localhost:1{Environment.NewLine}", _error.ToString());
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public async Task Wrong_settings_are_listed_a_line_each()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(static _ => throw new SettingsException((IReadOnlyList<string>)["a is wrong", "b is wrong"])));
        Assert.Equal(["streamengine: 2 mistakes in the settings:", "  a is wrong", "  b is wrong"], _error.ToString().TrimEnd().Split(Environment.NewLine));
    }

    [Fact]
    public async Task A_bug_is_not_dressed_up_as_a_failure()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(static _ => throw new InvalidOperationException("a bug")));
    }

    private Task<int> RunAsync(Func<CommandRun, Task<int>> body)
    {
        var frame = new CommandFrame(_output, _error);
        var command = new HostCommand("job", "Does it.", "streamengine job");
        frame.OnRun(command, body);
        return frame.RunAsync(new RootCommand { command }, ["job"]);
    }
}
