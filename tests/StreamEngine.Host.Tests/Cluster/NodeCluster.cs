using System.Globalization;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.Chaos;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>Host processes that share the shards of one shop: one Kafka, one PostgreSQL, clicks without end.</summary>
internal sealed class NodeCluster : IDisposable
{
    public const int Partitions = 8;
    public const int SessionTimeoutMs = 2_000;

    /// <summary>For the cluster to be at work again after whatever happened to it.</summary>
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private static readonly Dictionary<string, string> s_client = new(StringComparer.Ordinal)
    {
        ["session.timeout.ms"] = SessionTimeoutMs.ToString(CultureInfo.InvariantCulture),
        ["heartbeat.interval.ms"] = "200",
        ["reconnect.backoff.max.ms"] = "500",
        // Little of a partition at a time: with much, a node would commit one shard for seconds before it comes to the next.
        ["fetch.message.max.bytes"] = "32768",
    };

    // Small commits: there are many of them, and the feed need not race the nodes.
    private static readonly string[] s_settings = ["--set", "Engine:Workers=1", "--set", "Engine:CommitClicksMax=20", "--set", "Engine:RetryMsMax=500"];

    private readonly string _database;
    private readonly ShopperOptions _shoppers;
    private readonly List<ClusterNode> _nodes = [];
    private readonly List<string> _logs = [];
    private int _started;
    private long _visitors;

    public NodeCluster(RealCluster kafka, PrivatePostgres postgres, ShopperOptions shoppers)
    {
        _shoppers = shoppers;
        _database = postgres.CreateDatabase();
        Shop = new Shop(
            kafka.NewTopics(Partitions) with { Client = s_client }, workers: 1, new StorePart { Kind = StorePart.Postgres, ConnectionStrings = [_database] });
        Audit = new CommitAudit(_database);
        Audit.Install(Shop, Partitions);
        Feed = new LastingFeed(Shop, shoppers, Partitions, Audit);
        Subscriber = new Subscriber(Shop);
    }

    public Shop Shop { get; }

    public CommitAudit Audit { get; }

    public LastingFeed Feed { get; }

    public Subscriber Subscriber { get; }

    /// <summary>Those that live.</summary>
    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    public List<Departure> Departures { get; } = [];

    /// <summary>Commits of nodes that had lost their shard and did not know, as their logs tell; known when they have ended.</summary>
    public int Fenced => Told("belongs to another owner now: closed.");

    public static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public ClusterNode StartNode()
    {
        var node = ClusterNode.Start(Shop, string.Create(CultureInfo.InvariantCulture, $"node-{++_started}"), _database, s_settings);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Returns when every node has shards and every shard commits, by a node that lives.</summary>
    public Task SettleAsync()
    {
        var sinceMs = NowMs;
        return UntilAsync(newest => IsAtWork(newest, sinceMs)
            && newest.Select(static shard => shard.Writer).ToHashSet(StringComparer.Ordinal).SetEquals(_nodes.Select(static node => node.Name)));
    }

    /// <summary>Returns when all shards commit and none of them by this node.</summary>
    public Task OthersHaveAllAsync(ClusterNode node)
    {
        var sinceMs = NowMs;
        return UntilAsync(newest => IsAtWork(newest, sinceMs) && newest.All(shard => !string.Equals(shard.Writer, node.Name, StringComparison.Ordinal)));
    }

    /// <summary>Notes a node that was killed; the process is gone.</summary>
    public async Task BuryAsync(ClusterNode node, long atMs)
    {
        _nodes.Remove(node);
        var end = await EndAsync(node);
        Departures.Add(new Departure(Leaving.Killed, node.Name, atMs));
        Assert.True(end.ExitCode == 137, string.Create(CultureInfo.InvariantCulture, $"{node.Name} ended before it was killed, with {end.ExitCode}: {end.Error}"));
    }

    /// <summary>Stops them in order, all at the same time.</summary>
    public Task StopAsync(params IReadOnlyList<ClusterNode> nodes)
    {
        _nodes.RemoveAll(nodes.Contains);
        Departures.AddRange(nodes.Select(static node => new Departure(Leaving.InOrder, node.Name, NowMs)));
        return EndInOrderAsync(nodes);
    }

    /// <summary>Ends nodes and feed; one more node reads the rest, in the clicks' own time.</summary>
    public async Task FinishAsync()
    {
        await Feed.StopAsync();
        await EndInOrderAsync(_nodes);
        _nodes.Clear();
        _visitors = Feed.SendRest();
        using var last = EngineProcess.Start(Shop.Directory, ["run", "--until-caught-up", "--json", .. Shop.Arguments]);
        var end = await last.EndAsync();
        Assert.True(end.ExitCode == ExitCode.Ok, end.Error);
    }

    public OracleCheck CheckAgainstOracle()
    {
        var check = new OracleCheck(Shop, _shoppers with { Shoppers = _visitors }, Partitions);
        check.Run();
        return check;
    }

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        Feed.Dispose();
        Subscriber.Dispose();
        Shop.Dispose();
    }

    private async Task EndInOrderAsync(IReadOnlyList<ClusterNode> nodes)
    {
        foreach (var node in nodes)
        {
            node.Process.Signal("TERM");
        }
        foreach (var node in nodes)
        {
            var end = await EndAsync(node);
            Assert.True(end.ExitCode == ExitCode.Ok, node.Name + ": " + end.Error);
        }
    }

    /// <returns>The file with what all nodes have logged.</returns>
    public string KeepLogs(int seed)
    {
        var path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"streamengine-cluster-{seed}.log"));
        File.WriteAllText(path, Logs());
        return path;
    }

    private async Task<ChildProcess> EndAsync(ClusterNode node)
    {
        var end = await node.Process.EndAsync();
        _logs.Add($"{node.Name}:\n{end.Error}");
        node.Dispose();
        return end;
    }

    private async Task UntilAsync(Predicate<IReadOnlyList<ShardChange>> isThere)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var newest = Audit.Newest(); !isThere(newest); newest = Audit.Newest())
        {
            Feed.ThrowIfFailed();
            if (_nodes.Find(static node => node.Process.HasExited) is { } ended)
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{ended.Name} has ended by itself, exit code {ended.Process.ExitCode}:{Logs()}"));
            }
            Assert.True(TimeProvider.System.GetElapsedTime(start) < SettleMax, $"The cluster does not get to work again:\n{string.Join('\n', newest)}{Logs()}");
            await Task.Delay(Poll, TimeProvider.System);
        }
    }

    private static bool IsAtWork(IReadOnlyList<ShardChange> newest, long sinceMs) =>
        newest.Count == Partitions && newest.All(shard => shard.IsCommit && shard.AtMs > sinceMs);

    private int Told(string text) => _logs.Sum(log => log.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal)));

    private string Logs() => string.Concat(_logs.Concat(_nodes.Select(static node => $"{node.Name}:\n{node.Process.Log}")).Select(static log => "\n\n" + log));
}
