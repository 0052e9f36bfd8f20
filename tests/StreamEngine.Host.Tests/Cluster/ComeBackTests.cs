using System.Globalization;
using System.Text.RegularExpressions;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>
/// How long a node takes from the start of its process until it has its sessions back from PostgreSQL and goes on. STREAMENGINE_COME_BACK_SESSIONS says how many
/// there are at least; with the 70,000 of scripts/chaos it is some 100,000.
/// </summary>
[Collection(Alone.Name)]
public sealed partial class ComeBackTests(ITestOutputHelper output)
{
    private const int Partitions = 8;
    private const int Starts = 5;

    /// <summary>It is a bound on a hang, not on speed: the machine may be busy.</summary>
    private static readonly TimeSpan BackMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private static readonly int s_sessions = int.Parse(Environment.GetEnvironmentVariable("STREAMENGINE_COME_BACK_SESSIONS") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killed_a_node_has_its_sessions_back_soon_after_it_starts_again()
    {
        using var kafka = new RealCluster();
        var topics = kafka.NewTopics(Partitions) with { InstanceId = "node-1" };
        using var postgres = PrivatePostgres.TryStart(out var reason);
        Assert.SkipWhen(postgres is null, reason);
        using var shop = new Shop(topics, workers: 2, new StorePart { Kind = StorePart.Postgres, ConnectionStrings = [postgres.CreateDatabase()] });
        // A node that got to the end would follow the wall clock, and all these carts would be long forgotten. A start reads on until it is killed: hence twice as many shoppers as are needed, and the first is killed in the first third.
        var planned = shop.Send(new ShopperOptions { Seed = 3, Shoppers = 2 * s_sessions, ClicksPerSecond = 20_000, CartShare = 1, BuyShare = 0, EmptyShare = 0, LateShare = 0 });
        using (var first = Start(shop))
        {
            while (Read(shop) < planned.Records * 3 / 10)
            {
                Assert.False(first.HasExited, first.Log);
                await Task.Delay(Poll, TimeProvider.System);
            }
            first.Kill();
            await first.EndAsync();
        }

        var seconds = new List<double>();
        for (var start = 0; start < Starts; start++)
        {
            var at = TimeProvider.System.GetTimestamp();
            using var node = Start(shop);
            var sessions = 0;
            for (var shard = 0; shard < Partitions; shard++)
            {
                sessions += int.Parse(Sessions().Match(await node.LineAsync("taken over")).Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
            }
            var back = TimeProvider.System.GetElapsedTime(at);
            node.Kill();
            await node.EndAsync();
            Assert.True(Read(shop) < planned.Records, "The node has read everything: send more.");
            Assert.True(sessions >= s_sessions, string.Create(CultureInfo.InvariantCulture, $"{sessions} sessions"));
            Assert.True(back < BackMax, string.Create(CultureInfo.InvariantCulture, $"{back.TotalSeconds:0.0} s"));
            seconds.Add(back.TotalSeconds);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from the start of the process until {sessions:N0} sessions were back, after kill -9: {back.TotalSeconds:0.00} s; {Read(shop):N0} of {planned.Records:N0} clicks read"));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {seconds.Order().ElementAt(Starts / 2):0.00} s"));
    }

    private static EngineProcess Start(Shop shop) => EngineProcess.Start(shop.Directory, ["run", "--set", "Engine:Workers=2", .. shop.Arguments]);

    /// <summary>Asks only for offsets: a summary counts all rows, and meanwhile the node would read most of what is there.</summary>
    private static long Read(Shop shop)
    {
        try
        {
            using var store = shop.OpenStore();
            return Enumerable.Range(0, Partitions).Sum(shard => Math.Max(0, store.ReadShard(shard).NextOffset));
        }
        catch (Engine.EngineFatalException)
        {
            // The first node has not made the tables yet.
            return 0;
        }
    }

    [GeneratedRegex(", (?<count>[0-9]+) sessions,", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Sessions();
}
