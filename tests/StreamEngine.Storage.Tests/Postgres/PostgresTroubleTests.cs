using Npgsql;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Postgres;
using StreamEngine.TestKit;

namespace StreamEngine.Storage.Tests.Postgres;

/// <summary>What can be wrong with a server is said in one line that names it and the mend, and no line holds a password.</summary>
public sealed class PostgresTroubleTests
{
    private const string Secret = "hunter2-secret";

    private static PrivatePostgres Server => PostgresFixture.Server;

    [Fact]
    public void A_server_that_is_not_there_is_named_with_its_port()
    {
        using var gone = new CuttingProxy(1);
        var port = gone.Port;
        gone.Dispose();
        AssertRefused($"Host=127.0.0.1;Port={port};Database=shop;Username=engine;Password={Secret}", $"127.0.0.1:{port}/shop", "cannot be reached", "Store:ConnectionStrings");
    }

    [Fact]
    public void A_database_that_does_not_exist_is_named() =>
        AssertRefused(Server.ConnectionString("nowhere"), "/nowhere", "no such database", "createdb");

    [Fact]
    public void A_wrong_password_is_refused_and_not_shown()
    {
        var database = Server.CreateDatabase();
        Server.Execute("postgres", "DO $$ BEGIN CREATE ROLE clerk LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        AssertRefused(new NpgsqlConnectionStringBuilder(database) { Username = "clerk", Password = Secret }.ConnectionString, "refuses this user or password", "Store:PasswordFile");
    }

    [Fact]
    public void A_missing_password_is_asked_for()
    {
        var database = Server.CreateDatabase();
        Server.Execute("postgres", "DO $$ BEGIN CREATE ROLE clerk LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        AssertRefused(new NpgsqlConnectionStringBuilder(database) { Username = "clerk" }.ConnectionString, "asks for a password", "Store:PasswordFile");
    }

    [Fact]
    public void A_user_who_may_not_make_tables_is_told_to_be_the_owner()
    {
        var database = Server.CreateDatabase();
        Server.Execute("postgres", "DO $$ BEGIN CREATE ROLE guest LOGIN PASSWORD 'guest'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        AssertRefused(new NpgsqlConnectionStringBuilder(database) { Username = "guest", Password = "guest" }.ConnectionString, "the owner of the database");
    }

    [Fact]
    public void The_password_file_is_read_for_each_connection_and_may_change()
    {
        var database = Server.CreateDatabase();
        Server.Execute("postgres", $"CREATE ROLE changing LOGIN SUPERUSER PASSWORD '{Secret}'");
        var file = Path.GetTempFileName();
        try
        {
            var options = PostgresFixture.Options(new NpgsqlConnectionStringBuilder(database) { Username = "changing" }.ConnectionString) with { PasswordFile = file };
            File.WriteAllText(file, Secret + "\n");
            using var store = PostgresFixture.Open(options);
            store.Provision("clicks", 1);
            Server.Execute("postgres", "ALTER ROLE changing PASSWORD 'next'");
            Assert.DoesNotContain(Secret, Assert.Throws<ShardStoppedException>(() => store.TakeOver(0, "node-a")).Message, StringComparison.Ordinal);
            File.WriteAllText(file, "next");
            Assert.Equal(1, store.TakeOver(0, "node-a").Epoch);
            File.Delete(file);
            using var another = PostgresFixture.Open(options);
            var error = Assert.Throws<EngineFatalException>(() => another.Provision("clicks", 1));
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
            Assert.Contains("Store:PasswordFile", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Tables_of_a_newer_engine_are_left_alone()
    {
        var database = Server.CreateDatabase();
        using (var store = PostgresFixture.Open(database)) store.Provision("clicks", 1);
        Server.Execute(NameOf(database), "INSERT INTO schema_version (version, applied_ms) VALUES (99, 0)");
        AssertRefused(database, "version 99", $"up to version {PostgresSchema.Newest}", "newer streamengine");
        Assert.Contains("version 99", Assert.Throws<EngineFatalException>(() => PostgresStoreReader.Open(PostgresFixture.Options(database))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_left_alone()
    {
        var database = Server.CreateDatabase();
        Server.Execute(NameOf(database), "CREATE TABLE orders (id integer)");
        AssertRefused(database, "another program", "Store:ConnectionStrings");
        Assert.Equal(1L, Server.Query<long>(NameOf(database), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public void An_empty_database_is_no_store_to_read()
    {
        var error = Assert.Throws<EngineFatalException>(() => PostgresStoreReader.Open(PostgresFixture.Options(Server.CreateDatabase())));
        Assert.Contains("is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_takes_no_writes_is_refused_at_the_start_and_fails_commits_while_it_runs()
    {
        var database = Server.CreateDatabase();
        using (var store = PostgresFixture.Open(database))
        {
            store.Provision("clicks", 1);
            var lease = store.TakeOver(0, "node-a");
            Server.Execute(NameOf(database), $"ALTER DATABASE {NameOf(database)} SET default_transaction_read_only = on");
            var commit = Commits.For(lease, 1, "one");
            Assert.Equal(CommitOutcome.Failed, Commits.Write(store, commit));
            Assert.Contains("takes no writes", commit.Error, StringComparison.Ordinal);
            AssertRefused(database, "takes no writes", "Name the primary");
            Server.Execute("postgres", $"ALTER DATABASE {NameOf(database)} SET default_transaction_read_only = off");
            // What was read-only is a session; a new one is asked by a new store.
            using var again = PostgresFixture.Open(database);
            Assert.Equal(CommitOutcome.Committed, Commits.Write(again, Commits.For(lease, 1, "one")));
        }
    }

    [Fact]
    public void A_batch_that_breaks_a_rule_fails_and_the_next_is_written()
    {
        using var store = PostgresFixture.Open(Server.CreateDatabase());
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        var broken = Commits.For(lease, 1, "broken");
        broken.Actions.AddRange([Commits.Action(1, "a1"), Commits.Action(1, "a2")]);
        Assert.Equal(CommitOutcome.Failed, Commits.Write(store, broken));
        Assert.Contains("bug", broken.Error, StringComparison.Ordinal);
        var unreadable = Commits.For(lease, 1, "unreadable");
        unreadable.Kpis.Add(null!);
        Assert.Equal(CommitOutcome.Failed, Commits.Write(store, unreadable));
        Assert.Contains("bug", unreadable.Error, StringComparison.Ordinal);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1, "good")));
        Assert.Equal(["good"], Commits.Segments(store, 0));
    }

    [Fact]
    public void A_store_that_is_closed_writes_what_it_was_given_and_nothing_more()
    {
        var store = PostgresFixture.Open(Server.CreateDatabase());
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        var batches = Enumerable.Range(1, 20).Select(seq => Commits.Start(store, Commits.For(lease, seq))).ToArray();
        store.Dispose();
        store.Dispose();
        Assert.All(batches, static batch => Assert.Equal(CommitOutcome.Committed, batch.Shards[0].Outcome));
        var late = Commits.Start(store, Commits.For(lease, 21));
        Assert.True(late.IsDone);
        Assert.Equal(CommitOutcome.Failed, late.Shards[0].Outcome);
        Assert.Contains("store is closed", late.Shards[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_has_a_commit_from_the_first_one_on()
    {
        using var store = PostgresFixture.Open(Server.CreateDatabase());
        store.Provision("clicks", 2);
        var lease = store.TakeOver(1, "node-a");
        Assert.Equal([0], store.HomesWithoutCommit());
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1)));
        Assert.Empty(store.HomesWithoutCommit());
    }

    [Fact]
    public async Task Hosts_that_start_together_make_the_tables_once()
    {
        var database = Server.CreateDatabase();
        var stores = Enumerable.Range(0, 4).Select(_ => PostgresFixture.Open(database)).ToArray();
        await Task.WhenAll(stores.Select(static store => Task.Run(() => store.Provision("clicks", 8))));
        foreach (var store in stores) store.Dispose();
        Assert.Equal(8L, Server.Query<long>(NameOf(database), "SELECT count(*) FROM shard"));
    }

    private static string NameOf(string database) => new NpgsqlConnectionStringBuilder(database).Database!;

    private static void AssertRefused(string server, params string[] parts)
    {
        using var store = PostgresFixture.Open(server);
        var error = Assert.Throws<EngineFatalException>(() => store.Provision("clicks", 1));
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
