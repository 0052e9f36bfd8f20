using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>Lets one trouble after the other happen to a cluster. Which node, and how long, is drawn from the seed.</summary>
internal sealed class TroubleMaker(NodeCluster cluster, RealBroker broker, PrivatePostgres postgres, Random random)
{
    public const int NodesMin = 2;
    public const int Nodes = 3;
    public const int NodesMax = 6;

    private static readonly TimeSpan CommitWait = TimeSpan.FromSeconds(20);

    public Task CauseAsync(Trouble trouble) => trouble switch
    {
        Trouble.KillAtRandom => KillAtRandomAsync(),
        Trouble.KillBeforeCommit => KillAtCommitAsync(CommitPlace.NotArrived),
        Trouble.KillInsideCommit => KillAtCommitAsync(CommitPlace.NotAnswered),
        Trouble.KillAfterCommit => KillAtCommitAsync(CommitPlace.Answered),
        Trouble.KillAfterPublish => KillAfterPublishAsync(),
        Trouble.StandStill => StandStillAsync(),
        Trouble.Roll => RollAsync(),
        Trouble.Scale => ScaleAsync(),
        Trouble.StopBroker => BrokerAwayAsync(broker.Stop),
        Trouble.KillBroker => BrokerAwayAsync(broker.Kill),
        Trouble.StopDatabase => AwayAsync(postgres.StopFast, postgres.Start),
        Trouble.KillDatabase => AwayAsync(postgres.StopImmediate, postgres.Start),
        _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble, message: null),
    };

    private ClusterNode AnyNode() => cluster.Nodes[random.Next(cluster.Nodes.Count)];

    private async Task KillAtRandomAsync()
    {
        await PauseAsync(500);
        var node = AnyNode();
        var atMs = NodeCluster.NowMs;
        node.Process.Kill();
        await ReplaceAsync(node, atMs);
    }

    private async Task KillAtCommitAsync(CommitPlace place)
    {
        var node = AnyNode();
        var killed = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Proxy.AtCommit(place, () =>
        {
            var atMs = NodeCluster.NowMs;
            node.Process.Kill();
            killed.SetResult(atMs);
        });
        await ReplaceAsync(node, await killed.Task.WaitAsync(CommitWait));
    }

    private async Task KillAfterPublishAsync()
    {
        var owners = cluster.Audit.Newest();
        var action = cluster.Subscriber.WaitForPublishedAfter(NodeCluster.NowMs);
        var node = Assert.Single(cluster.Nodes, node => string.Equals(node.Name, owners.Single(owner => owner.Shard == action.Partition).Writer, StringComparison.Ordinal));
        var atMs = NodeCluster.NowMs;
        node.Process.Kill();
        await ReplaceAsync(node, atMs);
    }

    /// <summary>At once, so that the new one joins while the group still waits for the dead one; or when others have its shards.</summary>
    private async Task ReplaceAsync(ClusterNode killed, long atMs)
    {
        await cluster.BuryAsync(killed, atMs);
        if (random.Next(2) == 0)
        {
            await cluster.SettleAsync();
        }
        cluster.StartNode();
    }

    private async Task StandStillAsync()
    {
        var node = AnyNode();
        var atMs = NodeCluster.NowMs;
        node.Process.Signal("STOP");
        cluster.Departures.Add(new Departure(Leaving.StoodStill, node.Name, atMs));
        await cluster.OthersHaveAllAsync(node);
        await PauseAsync(1_000);
        node.Process.Signal("CONT");
    }

    private async Task RollAsync()
    {
        var stop = cluster.StopAsync(AnyNode());
        cluster.StartNode();
        await stop;
    }

    private async Task ScaleAsync()
    {
        while (cluster.Nodes.Count < NodesMax)
        {
            cluster.StartNode();
        }
        await cluster.SettleAsync();
        await PauseAsync(1_000);
        var leaving = cluster.Nodes.OrderBy(_ => random.Next()).Take(NodesMax - NodesMin).ToList();
        await cluster.StopAsync(leaving);
        await cluster.SettleAsync();
        await PauseAsync(1_000);
        while (cluster.Nodes.Count < Nodes)
        {
            cluster.StartNode();
        }
    }

    private async Task BrokerAwayAsync(Action stop)
    {
        await cluster.Feed.StockUpAsync();
        await AwayAsync(stop, broker.Start);
    }

    private async Task AwayAsync(Action stop, Action start)
    {
        stop();
        await PauseAsync(3_000);
        start();
    }

    private Task PauseAsync(int msMax) => Task.Delay(TimeSpan.FromMilliseconds(random.Next(msMax)), TimeProvider.System);
}
