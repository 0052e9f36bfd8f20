using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using Xunit;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>The database is gone between two runs, or another one is named: a new one would read everything again, so somebody has to say that this is meant.</summary>
public sealed class DatabaseLostTests : IDisposable
{
    private static readonly ShopperOptions s_shoppers = new() { Seed = 32, Shoppers = 800, ClicksPerSecond = 40, CartShare = 0.3 };

    private readonly EmbeddedShop _embedded = new();

    private Shop Shop => _embedded.Shop;

    public void Dispose() => _embedded.Dispose();

    [Fact]
    public async Task A_lost_database_is_refused_until_somebody_accepts_that_all_clicks_are_read_again()
    {
        var planned = Shop.Send(s_shoppers);
        using var subscriber = new Subscriber(Shop);
        Assert.Equal(ExitCode.Ok, (await RunAsync()).ExitCode);
        Assert.Equal(0, subscriber.CheckAgainstStore());
        var published = IdsOf(subscriber);
        subscriber.Actions.Clear();
        foreach (var file in Directory.GetFiles(Shop.Directory, Path.GetFileName(Shop.Database) + "*"))
        {
            File.Delete(file);
        }

        // Being refused leaves an empty database behind: that is not a way around it.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            AssertRefused(await RunAsync(), Shop.Database);
        }
        var other = Path.Combine(Shop.Directory, "other.db");
        AssertRefused(await RunAsync("--set", "Store:Path=" + other), other);

        var accepted = await RunAsync("--accept-empty-store");
        Assert.True(accepted.ExitCode == ExitCode.Ok, accepted.Error);
        using (var store = Shop.OpenStore())
        {
            var summary = store.ReadSummary();
            Assert.Equal(planned.Records, summary.Shards.Sum(static shard => shard.NextOffset));
            Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(summary));
        }
        // Every action once more under the id it had, and nothing from the runs that were refused.
        Assert.Equal(0, subscriber.CheckAgainstStore());
        Assert.Equal(published, IdsOf(subscriber));
        Assert.Equal(ExitCode.Ok, (await RunAsync()).ExitCode);
    }

    private static SortedSet<string> IdsOf(Subscriber subscriber) => new(subscriber.Actions.Select(static action => action.Header("ce_id")!), StringComparer.Ordinal);

    private async Task<ChildProcess> RunAsync(params string[] arguments)
    {
        using var engine = _embedded.Run(["--until-caught-up", .. arguments]);
        return await engine.EndAsync();
    }

    private void AssertRefused(ChildProcess run, string database)
    {
        Assert.Equal((ExitCode.Fatal, ""), (run.ExitCode, run.Output));
        var line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"streamengine: {database} holds no commit, but group {Shop.Settings.Kafka.GroupId} has read topic {Shop.Settings.Kafka.ClicksTopic}", line, StringComparison.Ordinal);
        Assert.Contains("Store:Path", line, StringComparison.Ordinal);
        Assert.Contains("--accept-empty-store", line, StringComparison.Ordinal);
    }
}
