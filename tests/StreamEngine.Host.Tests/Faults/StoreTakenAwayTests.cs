using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using Xunit;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>Files of the database are removed, moved or replaced while the host runs: it says so, ends, and what it has published is in the database.</summary>
public sealed class StoreTakenAwayTests : IDisposable
{
    private static readonly ShopperOptions s_shoppers = new() { Seed = 31, Shoppers = 3_000, ClicksPerSecond = 40, CartShare = 0.3 };

    private readonly EmbeddedShop _embedded = new();

    private Shop Shop => _embedded.Shop;

    public void Dispose() => _embedded.Dispose();

    [Theory]
    [InlineData("", "removed or moved")]
    [InlineData("-wal", "Nothing is lost")]
    public async Task Under_load_a_moved_file_ends_the_host_and_after_it_is_back_nothing_is_missing(string suffix, string message)
    {
        SkipWhereFilesCannotBeRemoved();
        var planned = Shop.Send(s_shoppers);
        using var subscriber = new Subscriber(Shop);
        var file = Shop.Database + suffix;
        using (var engine = _embedded.Run())
        {
            subscriber.WaitFor(100);
            File.Move(file, file + ".aside");
            await AssertEndAsync(engine, file, message);
        }
        if (suffix.Length == 0)
        {
            File.Move(file + ".aside", file);
        }
        using (var engine = _embedded.Run("--until-caught-up"))
        {
            var end = await engine.EndAsync();
            Assert.True(end.ExitCode == ExitCode.Ok, end.Error);
        }
        using var store = Shop.OpenStore();
        var summary = store.ReadSummary();
        Assert.Equal(planned.Records, summary.Shards.Sum(static shard => shard.NextOffset));
        Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(summary));
        subscriber.CheckAgainstStore();
    }

    [Fact]
    public async Task Without_a_click_to_handle_a_removed_database_ends_the_host_too()
    {
        SkipWhereFilesCannotBeRemoved();
        using var engine = _embedded.Run();
        await engine.LineAsync("Shard 7 taken over");
        File.Delete(Shop.Database);
        await AssertEndAsync(engine, Shop.Database, "removed or moved");
        Assert.False(File.Exists(Shop.Database));
    }

    [Fact]
    public async Task A_replaced_database_ends_the_host_and_stays_as_it_is()
    {
        SkipWhereFilesCannotBeRemoved();
        using var engine = _embedded.Run();
        await engine.LineAsync("Shard 7 taken over");
        File.WriteAllText(Shop.Database + ".new", "a copy of last week");
        File.Move(Shop.Database + ".new", Shop.Database, overwrite: true);
        await AssertEndAsync(engine, Shop.Database, "replaced by another file");
        Assert.Equal("a copy of last week", File.ReadAllText(Shop.Database));
    }

    private static void SkipWhereFilesCannotBeRemoved() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere an open file cannot be removed, or is not told from another by its inode.");

    private static async Task AssertEndAsync(EngineProcess engine, string file, string message)
    {
        var end = await engine.EndAsync();
        Assert.Equal(ExitCode.Fatal, end.ExitCode);
        var line = Assert.Single(end.Error.Split('\n'), line => line.Contains("while the engine ran", StringComparison.Ordinal));
        Assert.StartsWith("streamengine: " + file, line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
        Assert.DoesNotContain(end.Error.Split('\n'), static other => other.Contains("fail:", StringComparison.Ordinal) || other.Contains("warn: StreamEngine", StringComparison.Ordinal));
    }
}
