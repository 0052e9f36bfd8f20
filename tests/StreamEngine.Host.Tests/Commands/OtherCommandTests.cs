using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

/// <summary>demo, tactics and store as processes.</summary>
public sealed partial class OtherCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_demo_ends_by_itself_and_a_subscriber_has_received_what_was_published()
    {
        var demo = await RunAsync("demo", "--for", "8s", "--set", "Tactics:Path=" + Checkout.PathOf("config/tactics.yaml"));
        Assert.True(demo.ExitCode == 0, demo.Error);
        Assert.Contains("clicks/s", demo.Output, StringComparison.Ordinal);
        var published = Figure(demo.Output, "actions published to Kafka");
        Assert.True(published > 0, demo.Output);
        Assert.Equal(published, Figure(demo.Output, "actions a subscriber received"));
        Assert.Equal(0, Figure(demo.Output, "  of them repeated"));
        Assert.True(File.Exists(Path.Combine(_directory.Path, "data", "demo.db")));
        Assert.Equal("Waiting for Kafka's consumer group ...\n", demo.Error);
    }

    [Theory]
    [InlineData("demo", "--for", "soon")]
    [InlineData("demo", "--speed", "0")]
    [InlineData("generate", "--cart-share", "2")]
    [InlineData("generate", "--rate", "fast")]
    [InlineData("replay", "x.csv", "--shards", "0")]
    [InlineData("topics", "create", "--partitions", "0")]
    public async Task Arguments_out_of_range_exit_with_2(params string[] args)
    {
        var run = await RunAsync(args);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("streamengine: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shipped_tactics_are_right_and_a_mistake_is_shown_in_its_place()
    {
        var good = await RunAsync("tactics", "check", Checkout.PathOf("config/tactics.yaml"));
        Assert.True(good.ExitCode == 0, good.Output);
        _directory.Write("bad.yaml", "version: \"1\"\ntactics:\n  - name: a\n    on: exit_intent\n    do: { chat_promt: x }\n");
        var bad = await RunAsync("tactics", "check", "bad.yaml");
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("bad.yaml:5:", bad.Output, StringComparison.Ordinal);
        Assert.Contains("chat_prompt", bad.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("tactics", "check", "none.yaml")).ExitCode);
    }

    [Fact]
    public async Task A_store_that_is_not_there_is_named()
    {
        var info = await RunAsync("store", "info", "--set", "Store:Path=none.db");
        Assert.Equal((3, ""), (info.ExitCode, info.Output));
        Assert.Contains("none.db", info.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    private Task<ChildProcess> RunAsync(params string[] args) => ChildProcess.StreamEngineAsync(_directory.Path, args);

    private static long Figure(string output, string name) =>
        long.Parse(Numbers().Match(output.Split(name)[1]).Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9,]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
