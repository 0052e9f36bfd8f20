using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Postgres;
using StreamEngine.TestKit;

namespace StreamEngine.Storage.Tests.Postgres;

/// <summary>A store on two servers: shard n lives on server n modulo 2, and one that is away holds up nobody but its own shards.</summary>
public sealed class TwoServersTests : IDisposable
{
    private readonly PrivatePostgres _second = PostgresFixture.StartOwn();
    private readonly string[] _databases;

    public TwoServersTests() => _databases = [PostgresFixture.Server.CreateDatabase(), _second.CreateDatabase()];

    public void Dispose() => _second.Dispose();

    [Fact]
    public void Shards_are_spread_in_turn_and_found_again()
    {
        using (var store = Provisioned())
        {
            Assert.Equal([0, 1, 0, 1], Enumerable.Range(0, 4).Select(store.HomeOf));
            for (var shard = 0; shard < 4; shard++) Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Filled(store.TakeOver(shard, "node-a"))));
        }
        Assert.Equal("1,3", _second.Query<string>("store_1", "SELECT string_agg(shard::text, ',' ORDER BY shard) FROM segment"));
        using var again = Provisioned();
        for (var shard = 0; shard < 4; shard++) Assert.Equal([$"shard {shard}"], Commits.Segments(again, shard));
        using var reader = PostgresStoreReader.Open(PostgresFixture.Options(_databases));
        var summary = reader.ReadSummary();
        Assert.Equal([0, 1, 2, 3], summary.Shards.Select(static shard => shard.Shard));
        Assert.Equal([new KpiSum("carts_abandoned", "", 4)], summary.Kpis);
        Assert.Equal([new Tally("Carting", 4)], summary.CartsByPhase);
        Assert.Equal(4, summary.Contacts);
    }

    [Fact]
    public void While_one_server_is_away_the_shards_of_the_other_go_on_and_its_own_come_back_with_it()
    {
        using var store = Provisioned();
        ShardLease[] leases = [.. Enumerable.Range(0, 4).Select(shard => store.TakeOver(shard, "node-a"))];
        foreach (var lease in leases) Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1, "1")));
        _second.StopImmediate();
        var here = Commits.Start(store, Commits.For(leases[0], 2, "2"), Commits.For(leases[2], 2, "2"));
        var away = Commits.Start(store, Commits.For(leases[1], 2, "2"), Commits.For(leases[3], 2, "2"));
        Commits.Finish(here);
        Commits.Finish(away);
        Assert.All(here.Shards, static commit => Assert.Equal(CommitOutcome.Committed, commit.Outcome));
        Assert.All(away.Shards, static commit => Assert.Equal(CommitOutcome.Failed, commit.Outcome));
        Assert.All(away.Shards, commit => Assert.Contains($"127.0.0.1:{_second.Port}/", commit.Error, StringComparison.Ordinal));
        Assert.Throws<IOException>(() => store.TakeOver(1, "node-a"));
        Assert.Equal(2, store.TakeOver(0, "node-a").CommitSeq);
        _second.Start();
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(store.TakeOver(1, "node-a"), 2, "2")));
    }

    [Fact]
    public void A_node_starts_without_a_server_that_is_away_and_takes_its_shards_when_it_is_back()
    {
        using (var store = Provisioned()) Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(store.TakeOver(1, "node-a"), 1, "1")));
        _second.StopFast();
        var log = new ListLogger();
        using var started = PostgresFixture.Open(PostgresFixture.Options(_databases), log);
        started.Provision("clicks", 4);
        Assert.Contains($"127.0.0.1:{_second.Port}/", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Equal(1, started.TakeOver(0, "node-b").Epoch);
        Assert.Throws<IOException>(() => started.TakeOver(1, "node-b"));
        _second.Start();
        Assert.Equal((2, 1), (started.TakeOver(1, "node-b").Epoch, Commits.Segments(started, 1).Length));
    }

    [Fact]
    public void A_new_store_needs_all_its_servers()
    {
        _second.StopFast();
        using var store = PostgresFixture.Open(_databases);
        // The first server is new too: nobody says that the second one was provisioned before.
        var error = Assert.Throws<EngineFatalException>(() => store.Provision("clicks", 4));
        Assert.Contains($"127.0.0.1:{_second.Port}/", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_in_another_order_or_number_or_of_another_store_are_refused()
    {
        Provisioned().Dispose();
        AssertRefused("put the list back in its order", _databases[1], _databases[0]);
        AssertRefused("2 servers, and Store:ConnectionStrings names 1", _databases[0]);
        AssertRefused("2 servers, and Store:ConnectionStrings names 3", [.. _databases, PostgresFixture.Server.CreateDatabase()]);
        string[] others = [PostgresFixture.Server.CreateDatabase(), _second.CreateDatabase()];
        using (var other = PostgresFixture.Open(others)) other.Provision("clicks", 4);
        AssertRefused("belongs to another store", _databases[0], others[1]);
    }

    [Fact]
    public void A_server_that_was_lost_and_made_anew_is_the_one_without_a_commit()
    {
        using (var store = Provisioned())
        {
            Assert.Equal([0, 1], store.HomesWithoutCommit());
            for (var shard = 0; shard < 4; shard++) Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Filled(store.TakeOver(shard, "node-a"))));
        }
        using var anew = PostgresFixture.Open(_databases[0], _second.CreateDatabase());
        anew.Provision("clicks", 4);
        Assert.Equal([1], anew.HomesWithoutCommit());
    }

    private static ShardCommit Filled(ShardLease lease)
    {
        var commit = Commits.For(lease, 1, $"shard {lease.Shard}");
        commit.Kpis.Add(new KpiDelta(0, "carts_abandoned", "", 1));
        commit.Carts.Add(new CartRow($"v{lease.Shard}", 1, 1, "Carting", 1, "EUR", 1, 0, 1));
        commit.Contacts.Add(new ContactRow($"c{lease.Shard}", "v", "a@example.com", null, null, null, 1));
        return commit;
    }

    private static void AssertRefused(string why, params string[] servers)
    {
        using var store = new PostgresShardStore(PostgresFixture.Options(servers), TimeProvider.System, NullLogger.Instance);
        Assert.Contains(why, Assert.Throws<EngineFatalException>(() => store.Provision("clicks", 4)).Message, StringComparison.Ordinal);
    }

    private PostgresShardStore Provisioned()
    {
        var store = PostgresFixture.Open(_databases);
        store.Provision("clicks", 4);
        return store;
    }
}
