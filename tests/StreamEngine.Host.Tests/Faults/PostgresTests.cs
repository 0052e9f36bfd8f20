using System.Globalization;
using System.Text.RegularExpressions;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>Host processes on a PostgreSQL server of the test's own: it works, it is restarted under them, and it is refused in one line.</summary>
public sealed partial class PostgresTests : IDisposable
{
    private static readonly ShopperOptions s_shoppers = new() { Seed = 41, Shoppers = 1_500, ClicksPerSecond = 40, CartShare = 0.3, DuplicateShare = 0.02, LateShare = 0.02 };

    private readonly PrivatePostgres? _postgres;
    private readonly EmbeddedShop _embedded;

    public PostgresTests()
    {
        _postgres = PrivatePostgres.TryStart(out var reason);
        Assert.SkipWhen(_postgres is null, reason);
        _embedded = new EmbeddedShop();
    }

    private Shop Shop => _embedded.Shop;

    public void Dispose()
    {
        _embedded?.Dispose();
        _postgres?.Dispose();
    }

    [Fact]
    public async Task A_node_on_two_databases_finds_what_the_shoppers_planned_and_publishes_each_action()
    {
        string[] databases = [_postgres!.CreateDatabase(), _postgres.CreateDatabase()];
        var planned = Shop.Send(s_shoppers);
        for (var run = 0; run < 2; run++)
        {
            using var node = _embedded.Run(["--until-caught-up", "--set", "Engine:Workers=2", .. Store(databases)]);
            var end = await node.EndAsync();
            Assert.True(end.ExitCode == ExitCode.Ok, end.Error);
        }
        var summary = NodeStore.ReadSummary(new StorePart { Kind = StorePart.Postgres, ConnectionStrings = databases });
        Assert.Equal(ShopFigures.Planned(planned), ShopFigures.Found(summary));
        Assert.Equal(planned.Records, summary.Shards.Sum(static shard => shard.NextOffset));
        Assert.All(summary.Shards, static shard => Assert.Equal(shard.ActionSeq, shard.PublishedSeq));
        using var subscriber = new Subscriber(Shop);
        subscriber.WaitFor((int)summary.Shards.Sum(static shard => shard.ActionSeq));
        var info = await ChildProcess.StreamEngineAsync(Shop.Directory, ["store", "info", .. Store(databases)]);
        Assert.True(info.ExitCode == ExitCode.Ok, info.Error);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_postgres.Port}/store_1, 127.0.0.1:{_postgres.Port}/store_2: schema "), info.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_database_is_killed_waits_says_so_once_and_goes_on_by_itself()
    {
        var database = _postgres!.CreateDatabase();
        using var node = _embedded.Run(["--set", "Engine:Workers=2", "--set", "Engine:RetryMsMax=500", .. Store(database)]);
        await node.LineAsync("taken over");
        _postgres.StopImmediate();
        var planned = Shop.Send(s_shoppers);
        await node.LineAsync("cannot be reached");
        _postgres.Start();
        await node.LineAsync("Over after");
        var start = TimeProvider.System.GetTimestamp();
        while (_postgres.Query<decimal>("store_1", "SELECT sum(greatest(next_offset, 0)) FROM shard") < planned.Records)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Shop.Patience, "The node does not go on.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        node.Signal("INT");
        var end = await node.EndAsync();
        Assert.True(end.ExitCode == ExitCode.Ok, end.Error);
        Assert.Equal(
            planned.Records,
            NodeStore.ReadSummary(new StorePart { Kind = StorePart.Postgres, ConnectionStrings = [database] }).Shards.Sum(static shard => shard.NextOffset));
        Assert.Equal(1, Told().Count(end.Error));
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_refuses_is_told_in_one_line_without_a_password()
    {
        var database = _postgres!.CreateDatabase();
        _postgres.Execute("postgres", "CREATE ROLE shop LOGIN PASSWORD 'right'");
        var wrong = database.Replace("Username=postgres", "Username=shop;Password=hunter2", StringComparison.Ordinal);
        await AssertRefusedAsync(wrong, "refuses this user or password", "Store:PasswordFile");
        await AssertRefusedAsync(_postgres.ConnectionString("nowhere"), "no such database", "createdb");
        _postgres.StopFast();
        await AssertRefusedAsync(wrong, $"127.0.0.1:{_postgres.Port}/store_1: the database cannot be reached", "Store:ConnectionStrings");
    }

    [Fact]
    public async Task A_lost_database_is_refused_as_a_lost_file_is()
    {
        Shop.Send(s_shoppers with { Shoppers = 100 });
        using (var node = _embedded.Run(["--until-caught-up", .. Store(_postgres!.CreateDatabase())])) Assert.Equal(ExitCode.Ok, (await node.EndAsync()).ExitCode);
        await AssertRefusedAsync(_postgres.CreateDatabase(), "store_2 holds no commit, but group", "Correct Store:ConnectionStrings", "--accept-empty-store");
    }

    private static IEnumerable<string> Store(params string[] databases) =>
        ["--set", "Store:Kind=postgres", .. databases.SelectMany(static (database, place) => new[] { "--set", $"Store:ConnectionStrings:{place}={database}" })];

    private async Task AssertRefusedAsync(string database, params string[] parts)
    {
        using var node = _embedded.Run([.. Store(database)]);
        var end = await node.EndAsync();
        Assert.Equal((ExitCode.Fatal, ""), (end.ExitCode, end.Output));
        var line = Assert.Single(end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => !line.Contains(" info: ", StringComparison.Ordinal));
        Assert.StartsWith("streamengine: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", end.Error, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    [GeneratedRegex("(was not written|cannot be taken over): .* cannot be reached", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Told();
}
