using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace StreamEngine.Host.Tests;

public sealed class StopSignalsTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    public void The_first_signal_drains_and_the_second_ends_at_once(PosixSignal second, int exitCode)
    {
        var exits = new List<int>();
        using var said = new StringWriter(CultureInfo.InvariantCulture);
        using var signals = new StopSignals(said, exits.Add);
        Assert.False(signals.Stop.IsCancellationRequested);

        signals.Notice(PosixSignal.SIGINT);
        Assert.True(signals.Stop.IsCancellationRequested);
        Assert.Empty(exits);
        Assert.Single(said.ToString().TrimEnd().Split('\n'));

        signals.Notice(second);
        Assert.Equal([exitCode], exits);
    }
}
