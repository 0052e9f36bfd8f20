using System.Globalization;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>
/// Three nodes under load, and what may happen to them, each once and in an order drawn from the seed; then the audit, the subscriber and the oracle.
/// scripts/chaos --minutes repeats all there is for so long: STREAMENGINE_MINUTES says how long, STREAMENGINE_SEED which clicks and moments.
/// </summary>
[Collection(Alone.Name)]
public sealed class ClusterTests : IDisposable
{
    private const int PauseMsMax = 1_000;

    private static readonly double s_minutes = double.Parse(Environment.GetEnvironmentVariable("STREAMENGINE_MINUTES") is { Length: > 0 } minutes ? minutes : "0", CultureInfo.InvariantCulture);

    private static readonly int s_seed = Environment.GetEnvironmentVariable("STREAMENGINE_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : (int)(NodeCluster.NowMs & 0xFFFF);

    private static readonly ShopperOptions s_shoppers = new()
    {
        Seed = (ulong)s_seed,
        Shoppers = null,
        ClicksPerSecond = 200,
        CartShare = 0.3,
        DuplicateShare = 0.01,
        LateShare = 0,
    };

    private readonly ITestOutputHelper _output;
    private readonly RealCluster _kafka = new();
    private readonly PrivatePostgres? _postgres;

    public ClusterTests(ITestOutputHelper output)
    {
        _output = output;
        _postgres = PrivatePostgres.TryStart(out var reason);
        if (_postgres is null)
        {
            _kafka.Dispose();
        }
        Assert.SkipWhen(_postgres is null, reason);
    }

    public void Dispose()
    {
        _postgres?.Dispose();
        _kafka.Dispose();
    }

    [Fact]
    public Task Killed_at_every_place_of_a_commit_or_standing_still_nodes_lose_nothing_and_decide_nothing_twice() => RunAsync(
        [Trouble.KillAtRandom, Trouble.KillBeforeCommit, Trouble.KillInsideCommit, Trouble.KillAfterCommit, Trouble.KillAfterPublish, Trouble.StandStill]);

    [Fact]
    public Task Whether_nodes_come_and_go_or_the_servers_do_nothing_is_lost_and_nothing_decided_twice() => RunAsync(
        [Trouble.Roll, Trouble.Scale, Trouble.StopBroker, Trouble.KillDatabase]);

    private async Task RunAsync(Trouble[] troubles)
    {
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"STREAMENGINE_SEED={s_seed}"));
        var random = new Random(s_seed);
        var broker = _kafka.Own;
        using var cluster = new NodeCluster(_kafka, _postgres!, s_shoppers);
        cluster.Feed.Start();
        for (var node = 0; node < TroubleMaker.Nodes; node++)
        {
            cluster.StartNode();
        }
        await cluster.SettleAsync();

        if (s_minutes > 0)
        {
            troubles = Enum.GetValues<Trouble>();
        }
        var maker = new TroubleMaker(cluster, broker, _postgres!, random);
        var start = TimeProvider.System.GetTimestamp();
        var rounds = 0;
        do
        {
            random.Shuffle(troubles);
            foreach (var trouble in troubles)
            {
                await maker.CauseAsync(trouble);
                await cluster.SettleAsync();
                _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Seconds(start),6:0.0} s: {trouble}"));
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(PauseMsMax)), TimeProvider.System);
            }
            rounds++;
        }
        while (TimeProvider.System.GetElapsedTime(start).TotalMinutes < s_minutes);
        var seconds = Seconds(start);

        await cluster.FinishAsync();
        try
        {
            var changes = cluster.Audit.All();
            CommitAudit.Check(changes);
            var report = new ClusterReport(cluster, changes, cluster.Subscriber.CheckAgainstStore(), cluster.CheckAgainstOracle());
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds} rounds in {seconds:0} s, checked after {Seconds(start):0} s"));
            report.Lines().ForEach(_output.WriteLine);
        }
        catch
        {
            // What is wrong is found minutes after it came about: only the nodes can say what they did then.
            _output.WriteLine($"The nodes' logs: {cluster.KeepLogs(s_seed)}");
            throw;
        }
        if (troubles.Contains(Trouble.StandStill))
        {
            Assert.True(cluster.Fenced > 0, "No commit of a node that had stood still was fenced: the run says nothing about them.");
        }
    }

    private static double Seconds(long start) => TimeProvider.System.GetElapsedTime(start).TotalSeconds;
}

/// <summary>With nobody beside: sessions here last two seconds, and a machine that is busy with other tests would let them end.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
