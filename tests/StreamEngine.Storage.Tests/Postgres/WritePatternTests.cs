using Npgsql;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Storage.Tests.Postgres;

/// <summary>How the tables are written: what changes with every commit stays in its page and touches no index.</summary>
public sealed class WritePatternTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Shards_and_the_figures_of_the_hour_change_in_their_pages()
    {
        const int Count = 500;
        // Of its own: a transaction that other tests leave open for seconds, in whichever database, keeps dead rows in their pages meanwhile.
        using var server = PostgresFixture.StartOwn();
        var database = server.CreateDatabase();
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        using (var store = PostgresFixture.Open(database))
        {
            store.Provision("clicks", 4);
            ShardLease[] leases = [.. Enumerable.Range(0, 4).Select(shard => store.TakeOver(shard, "node-a"))];
            for (var seq = 1; seq <= Count; seq++)
            {
                var commits = leases.Select(lease => Commits.For(lease, seq, "state")).ToArray();
                foreach (var commit in commits)
                {
                    commit.DropSegmentsBelow = seq - 5;
                    commit.Kpis.AddRange([new KpiDelta(0, "carts_abandoned", "", 1), new KpiDelta(0, "orders", "", 1)]);
                }
                Commits.Finish(Commits.Start(store, commits));
                Assert.All(commits, static commit => Assert.Equal(CommitOutcome.Committed, commit.Outcome));
            }
        }
        // A session tells its counts when it ends.
        Assert.True(SpinWait.SpinUntil(() => Updates(server, name, "shard").All == 4 * (Count + 1), Patience), $"{Updates(server, name, "shard")}");
        // Nearly all: an autovacuum that looks at the tables meanwhile keeps dead rows in their page for a moment.
        Assert.InRange((double)Updates(server, name, "shard").InPage / Updates(server, name, "shard").All, 0.99, 1);
        Assert.Equal(8 * (Count - 1), Updates(server, name, "kpi").All);
        Assert.InRange((double)Updates(server, name, "kpi").InPage / Updates(server, name, "kpi").All, 0.99, 1);
        // A page takes the place of its dead rows again, without a vacuum.
        Assert.InRange(server.Query<long>(name, "SELECT pg_relation_size('shard') + pg_relation_size('kpi')"), 1, 20 * 8192);
        Assert.Equal('e', server.Query<char>(name, "SELECT attstorage FROM pg_attribute WHERE attrelid = 'segment'::regclass AND attname = 'payload'"));
    }

    private static (long All, long InPage) Updates(PrivatePostgres server, string database, string table) => (
        server.Query<long>(database, $"SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = '{table}'"),
        server.Query<long>(database, $"SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = '{table}'"));
}
