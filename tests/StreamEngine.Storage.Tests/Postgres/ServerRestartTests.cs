using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Storage.Tests.Postgres;

/// <summary>The server is restarted under load: what was acknowledged is there, nothing is there twice, and the store goes on by itself.</summary>
public sealed class ServerRestartTests
{
    private const int Shards = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_acknowledged_commit_survives_and_writers_go_on(bool isImmediate)
    {
        using var server = PostgresFixture.StartOwn();
        using var store = PostgresFixture.Open(server.CreateDatabase());
        store.Provision("clicks", Shards);
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Shards).Select(shard => Task.Factory.StartNew(
            () => Write(store, shard, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        for (var round = 0; round < 2; round++)
        {
            await UntilAllHaveCommitted(server, atLeast: 50 * (round + 1));
            if (isImmediate) server.StopImmediate();
            else server.StopFast();
            server.Start();
        }
        await UntilAllHaveCommitted(server, atLeast: 150);
        await stop.CancelAsync();
        var acknowledged = await Task.WhenAll(writers);
        for (var shard = 0; shard < Shards; shard++)
        {
            Assert.Equal(acknowledged[shard], Commits.Segments(store, shard).Select(static text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));
            Assert.Equal(Enumerable.Range(1, acknowledged[shard].Count), acknowledged[shard]);
        }
    }

    /// <summary>What the engine does: after a failure the shard is taken over again, after an unknown outcome it is asked for.</summary>
    private static List<int> Write(IShardStore store, int shard, CancellationToken stop)
    {
        var acknowledged = new List<int>();
        ShardLease? lease = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (lease is null)
                {
                    lease = store.TakeOver(shard, $"node-{shard}");
                    Assert.Equal(acknowledged.Count, lease.CommitSeq);
                }
                var seq = acknowledged.Count + 1;
                var outcome = Commits.Write(store, Commits.For(lease, seq, $"{seq}"));
                if (outcome == CommitOutcome.Unknown) outcome = store.ResolveCommitSeq(shard, lease.Epoch) == seq ? CommitOutcome.Committed : CommitOutcome.Failed;
                if (outcome == CommitOutcome.Committed) acknowledged.Add(seq);
                else lease = null;
            }
            catch (IOException)
            {
                // The server is not back yet.
                stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20));
            }
        }
        return acknowledged;
    }

    private static async Task UntilAllHaveCommitted(PrivatePostgres server, long atLeast)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (server.Query<long>("store_1", "SELECT min(commit_seq) FROM shard") < atLeast)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, "The writers do not go on.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
