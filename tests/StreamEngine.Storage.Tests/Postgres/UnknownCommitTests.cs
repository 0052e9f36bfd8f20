using Npgsql;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Postgres;
using StreamEngine.TestKit;

namespace StreamEngine.Storage.Tests.Postgres;

/// <summary>The connection is lost while COMMIT is on its way: the outcome is unknown, and asking tells it for certain.</summary>
public sealed class UnknownCommitTests : IDisposable
{
    private readonly string _database = PostgresFixture.Server.CreateDatabase();
    private readonly CuttingProxy _proxy = new(PostgresFixture.Server.Port);
    private readonly PostgresShardStore _store;
    private readonly ShardLease _lease;

    public UnknownCommitTests()
    {
        _store = PostgresFixture.Open(new NpgsqlConnectionStringBuilder(_database) { Port = _proxy.Port }.ConnectionString);
        _store.Provision("clicks", 2);
        _lease = _store.TakeOver(0, "node-a");
        // From now on the lane's connection is there, and its statements are prepared.
        for (var seq = 1; seq <= 3; seq++) Assert.Equal(CommitOutcome.Committed, Commits.Write(_store, Commits.For(_lease, seq, $"{seq}")));
    }

    private string DatabaseName => new NpgsqlConnectionStringBuilder(_database).Database!;

    public void Dispose()
    {
        _proxy.Release();
        _store.Dispose();
        _proxy.Dispose();
    }

    [Fact]
    public void A_commit_that_the_server_had_when_the_connection_was_cut_turns_out_to_be_written()
    {
        _proxy.CutWhenClientSends("cut here"u8, isDelivered: true);
        Assert.Equal(CommitOutcome.Unknown, Commits.Write(_store, Commits.For(_lease, 4, "cut here")));
        Assert.Equal(4, _store.ResolveCommitSeq(0, _lease.Epoch));
        Assert.Equal(1, _proxy.Cuts);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(_store, Commits.For(_lease, 5, "5")));
        Assert.Equal(["1", "2", "3", "cut here", "5"], Commits.Segments(_store, 0));
    }

    [Fact]
    public void A_commit_that_was_lost_on_its_way_turns_out_not_to_be_written_and_may_be_written_again()
    {
        _proxy.CutWhenClientSends("cut here"u8, isDelivered: false);
        Assert.Equal(CommitOutcome.Unknown, Commits.Write(_store, Commits.For(_lease, 4, "cut here")));
        Assert.Equal(3, _store.ResolveCommitSeq(0, _lease.Epoch));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(_store, Commits.For(_lease, 4, "again")));
        Assert.Equal(["1", "2", "3", "again"], Commits.Segments(_store, 0));
    }

    [Fact]
    public void Asking_waits_while_the_server_still_decides()
    {
        DelayCommits(seconds: 1.5);
        _proxy.CutWhenClientSends("cut here"u8, isDelivered: true);
        Assert.Equal(CommitOutcome.Unknown, Commits.Write(_store, Commits.For(_lease, 4, "cut here")));
        Assert.Equal(3, PostgresFixture.Server.Query<long>(DatabaseName, "SELECT commit_seq FROM shard WHERE shard = 0"));
        Assert.Equal(4, _store.ResolveCommitSeq(0, _lease.Epoch));
    }

    [Fact]
    public void A_new_owner_waits_for_the_old_ones_commit_in_doubt_and_starts_from_it()
    {
        DelayCommits(seconds: 1.5);
        _proxy.CutWhenClientSends("cut here"u8, isDelivered: true);
        Assert.Equal(CommitOutcome.Unknown, Commits.Write(_store, Commits.For(_lease, 4, "cut here")));
        using var other = PostgresFixture.Open(_database);
        Assert.Equal(4, other.TakeOver(0, "node-b").CommitSeq);
        Assert.Equal(-1, _store.ResolveCommitSeq(0, _lease.Epoch));
    }

    [Fact]
    public void A_session_that_an_administrator_ends_during_commit_is_asked_for_too()
    {
        DelayCommits(seconds: 60);
        var batch = Commits.Start(_store, Commits.For(_lease, 4, "ended"));
        // Ended as soon as it is seen in its COMMIT.
        Assert.True(SpinWait.SpinUntil(
            () => PostgresFixture.Server.Query<long>(DatabaseName,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'") == 1,
            TimeSpan.FromSeconds(30)));
        Commits.Finish(batch);
        Assert.Equal(CommitOutcome.Unknown, batch.Shards[0].Outcome);
        Assert.Equal(3, _store.ResolveCommitSeq(0, _lease.Epoch));
        Undelay();
        Assert.Equal(CommitOutcome.Committed, Commits.Write(_store, Commits.For(_lease, 4, "again")));
    }

    [Fact]
    public void A_connection_that_is_cut_before_the_fence_has_written_nothing_for_certain()
    {
        _proxy.CutAll();
        var commit = Commits.For(_lease, 4, "4");
        Assert.Equal(CommitOutcome.Failed, Commits.Write(_store, commit));
        Assert.Contains("cannot be reached", commit.Error, StringComparison.Ordinal);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(_store, Commits.For(_lease, 4, "4")));
    }

    [Fact]
    public void A_network_that_swallows_packets_ends_a_commit_within_its_limit()
    {
        using var store = PostgresFixture.Open(PostgresFixture.Options(new NpgsqlConnectionStringBuilder(_database) { Port = _proxy.Port }.ConnectionString) with { StatementMs = 1_000 });
        var lease = store.TakeOver(1, "node-a");
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1, "1")));
        _proxy.Hold();
        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal(CommitOutcome.Failed, Commits.Write(store, Commits.For(lease, 2, "2")));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0.5, 15);
        _proxy.Release();
        Assert.Equal(1, store.ResolveCommitSeq(1, lease.Epoch));
    }

    [Fact]
    public void A_node_that_stands_still_inside_a_transaction_loses_its_lock_to_the_next_owner()
    {
        // What a stopped process leaves behind: the fence passed, and nothing said since.
        using var zombie = new NpgsqlConnection(_database + ";Pooling=false;Options=-c idle_in_transaction_session_timeout=1000");
        zombie.Open();
        using (var fence = new NpgsqlCommand("BEGIN; UPDATE shard SET commit_seq = 4 WHERE shard = 0", zombie)) fence.ExecuteNonQuery();
        Assert.Equal(3, _store.TakeOver(0, "node-b").CommitSeq);
        using var commit = new NpgsqlCommand("COMMIT", zombie);
        Assert.ThrowsAny<NpgsqlException>(() => commit.ExecuteNonQuery());
    }

    /// <summary>A trigger that runs inside COMMIT and takes its time.</summary>
    private void DelayCommits(double seconds) => PostgresFixture.Server.Execute(DatabaseName, FormattableString.Invariant(
        $"""
        CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON segment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linger();
        """));

    private void Undelay() => PostgresFixture.Server.Execute(DatabaseName, "DROP TRIGGER linger ON segment");
}
