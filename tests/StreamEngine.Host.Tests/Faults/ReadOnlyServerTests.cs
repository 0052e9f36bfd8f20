using StreamEngine.Host.Nodes;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>A PostgreSQL server that takes no writes, as a standby does not: refused in one line at the start, waited out under a running node.</summary>
public sealed class ReadOnlyServerTests : IDisposable
{
    private const string Trouble = "the server takes no writes: it is a standby, or default_transaction_read_only is on. Name the primary in Store:ConnectionStrings";

    private readonly PrivatePostgres? _postgres;
    private readonly EmbeddedShop _embedded;

    public ReadOnlyServerTests()
    {
        _postgres = PrivatePostgres.TryStart(out var reason);
        Assert.SkipWhen(_postgres is null, reason);
        _embedded = new EmbeddedShop();
    }

    public void Dispose()
    {
        _embedded?.Dispose();
        _postgres?.Dispose();
    }

    [Fact]
    public async Task A_node_does_not_start_on_it()
    {
        var database = _postgres!.CreateDatabase();
        TakeWrites(false);
        using var node = Run(database);
        var end = await node.EndAsync();
        Assert.Equal((ExitCode.Fatal, ""), (end.ExitCode, end.Output));
        var line = Assert.Single(end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => !line.Contains(" info: ", StringComparison.Ordinal));
        Assert.StartsWith("streamengine: ", line, StringComparison.Ordinal);
        Assert.Contains(Trouble, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_under_which_it_becomes_so_says_so_once_and_goes_on_when_it_is_over()
    {
        var database = _postgres!.CreateDatabase();
        using var node = Run(database);
        await node.LineAsync("taken over");
        var planned = _embedded.Shop.Send(new ShopperOptions { Seed = 43, Shoppers = 1_500, ClicksPerSecond = 40, CartShare = 0.3, DuplicateShare = 0.02, LateShare = 0.02 });
        TakeWrites(false);
        // While there is nothing to write, nobody would notice.
        _embedded.Shop.Send(new ShopperOptions { Seed = 44, Shoppers = 10, CartShare = 1 });
        await node.LineAsync(Trouble);
        TakeWrites(true);
        await node.LineAsync("Over after");
        node.Signal("INT");
        var end = await node.EndAsync();
        Assert.True(end.ExitCode == ExitCode.Ok, end.Error);
        Assert.Equal(1, end.Error.Split('\n').Count(static line => line.Contains(Trouble, StringComparison.Ordinal) && !line.Contains("Over after", StringComparison.Ordinal)));
        using (var last = _embedded.Run(["--until-caught-up", .. Store(database)]))
        {
            Assert.Equal(ExitCode.Ok, (await last.EndAsync()).ExitCode);
        }
        var summary = NodeStore.ReadSummary(new StorePart { Kind = StorePart.Postgres, ConnectionStrings = [database] });
        Assert.True(summary.Shards.Sum(static shard => shard.NextOffset) > planned.Records);
        Assert.All(summary.Shards, static shard => Assert.Equal(shard.ActionSeq, shard.PublishedSeq));
    }

    private EngineProcess Run(string database) => _embedded.Run(["--set", "Engine:Workers=2", "--set", "Engine:RetryMsMax=500", .. Store(database)]);

    private static string[] Store(string database) => ["--set", "Store:Kind=postgres", "--set", "Store:ConnectionStrings:0=" + database];

    /// <summary>For sessions that are open as well, from their next transaction on.</summary>
    private void TakeWrites(bool does)
    {
        _postgres!.Execute("postgres", "ALTER SYSTEM SET default_transaction_read_only = " + (does ? "off" : "on"));
        _postgres.Execute("postgres", "SELECT pg_reload_conf()");
    }
}
