using System.Text.RegularExpressions;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using Xunit;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>The disk fills up under load and has room again later: the host waits, says so once, goes on by itself, and nothing is missing or published twice.</summary>
public sealed partial class FullDiskTests : IDisposable
{
    private static readonly ShopperOptions s_shoppers = new() { Seed = 33, Shoppers = 4_000, ClicksPerSecond = 40, CartShare = 0.5 };

    /// <summary>Long enough for several attempts of every shard.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(4);

    private readonly EmbeddedShop _embedded = new();

    private Shop Shop => _embedded.Shop;

    public void Dispose() => _embedded.Dispose();

    [Fact]
    public async Task A_full_disk_is_waited_out()
    {
        using var disk = new FullDisk(Shop.Directory);
        await CheckAsync(disk, "the disk is full");
    }

    [Fact]
    public async Task A_limit_on_the_size_of_files_is_waited_out()
    {
        using var disk = new SizeLimit();
        await CheckAsync(disk, "ulimit -f");
    }

    private async Task CheckAsync(SmallDisk disk, string reason)
    {
        var planned = Shop.Send(s_shoppers);
        using var subscriber = new Subscriber(Shop);
        ChildProcess end;
        // One worker: a second that joins late takes shards over whose last publications could not be noted, and publishes them again, as it must.
        using (var engine = _embedded.Run("--set", "Engine:RetryMsMax=1000", "--set", "Engine:Workers=1"))
        {
            await engine.LineAsync("Kafka assigned");
            disk.Shrink(engine);
            await engine.LineAsync(reason);
            await Task.Delay(Outage, TimeProvider.System, TestContext.Current.CancellationToken);
            disk.Grow(engine);
            await engine.LineAsync("Over after");
            engine.Signal("TERM");
            end = await engine.EndAsync();
        }
        Assert.True(end.ExitCode == ExitCode.Ok, end.Error);
        var trouble = end.Error.Split('\n').Where(static line => Trouble().IsMatch(line)).ToList();
        Assert.True(trouble.Count == 2, end.Error);
        Assert.Contains(Shop.Database, trouble[0], StringComparison.Ordinal);
        Assert.Contains(reason, trouble[0], StringComparison.Ordinal);
        Assert.Matches(@"Over after \d+ s and [1-9]\d* attempts", trouble[1]);

        using (var engine = _embedded.Run("--until-caught-up"))
        {
            var last = await engine.EndAsync();
            Assert.True(last.ExitCode == ExitCode.Ok, last.Error);
        }
        using (var store = Shop.OpenStore())
        {
            var summary = store.ReadSummary();
            Assert.Equal(planned.Records, summary.Shards.Sum(static shard => shard.NextOffset));
            Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(summary));
        }
        var repeats = subscriber.CheckAgainstStore();
        Assert.True(repeats == 0, $"{repeats} actions were published twice. The host said:\n{end.Error}");
    }

    /// <summary>Readiness says its own: which shards wait meanwhile.</summary>
    [GeneratedRegex("(warn|fail|crit): (?!StreamEngine.Host.Nodes.ReadinessWatch)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Trouble();
}
