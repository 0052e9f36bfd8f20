using System.Globalization;
using StreamEngine.Host.Commands;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

public sealed class CapacityCommandTests
{
    [Fact]
    public async Task It_says_what_a_shop_needs_and_marks_the_first_wall()
    {
        var (exit, text) = await RunAsync("--clicks-per-second", "1000000", "--live-sessions", "50000000");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.StartsWith("A shop of 1,000,000 clicks/s and 50,000,000 live sessions, 10% of the visitors with a cart", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), static line => line.Contains("<- the first that another node does not move", StringComparison.Ordinal));
        Assert.Contains("Assumed (a)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_takes_the_place_of_what_was_measured()
    {
        var (_, text) = await RunAsync("--clicks-per-second", "100000", "--cpu-micros", "5", "--utilisation", "0.25");
        Assert.Contains("5.0 us of CPU a click", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), static line => line.TrimStart().StartsWith("cores ", StringComparison.Ordinal) && line.Contains(" 2  5.0 us", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--clicks-per-second", "0")]
    [InlineData("--clicks-per-second", "many")]
    [InlineData("--clicks-per-second", "10", "--cart-share", "2")]
    [InlineData("--clicks-per-second", "10", "--live-sessions", "0")]
    [InlineData("--cart-share", "0.5")]
    public async Task Arguments_out_of_range_are_refused(params string[] args)
    {
        Assert.Equal(ExitCode.Usage, (await RunAsync(args)).ExitCode);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var exit = await CommandTree.Create(new CommandFrame(output, TextWriter.Null)).RunAsync(["capacity", .. args]);
        return (exit, output.ToString());
    }
}
