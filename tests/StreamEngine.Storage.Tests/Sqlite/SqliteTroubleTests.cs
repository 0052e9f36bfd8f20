using Microsoft.Data.Sqlite;
using SQLitePCL;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Storage.Tests.Sqlite;

public sealed class SqliteTroubleTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void While_another_program_holds_the_write_lock_commits_fail_and_then_go_on()
    {
        using var store = _folder.Open();
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        using (Intruder())
        {
            var commit = Commits.For(lease, 1, "one");
            Assert.Equal(CommitOutcome.Failed, Commits.Write(store, commit));
            Assert.Contains("another program holds the write lock", commit.Error, StringComparison.Ordinal);
            Assert.Contains(_folder.File, commit.Error, StringComparison.Ordinal);
        }
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1, "one")));
    }

    [Fact]
    public void The_same_trouble_reads_the_same_whoever_met_it()
    {
        var ours = SqliteTrouble.Explain("shop.db", new SqliteException("database or disk is full", raw.SQLITE_FULL));
        var clients = SqliteTrouble.Explain("shop.db", new SqliteException("SQLite Error 13: 'database or disk is full'.", raw.SQLITE_FULL));
        Assert.Equal(ours, clients);
        Assert.EndsWith(": database or disk is full).", ours, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_breaks_a_rule_fails_and_those_written_with_it_do_not()
    {
        using var store = StoreFolder.Open(_folder.File, busyMs: 20_000);
        store.Provision("clicks", 3);
        ShardLease[] leases = [store.TakeOver(0, "node-a"), store.TakeOver(1, "node-a"), store.TakeOver(2, "node-a")];
        CommitBatch first, bad, good;
        using (Intruder())
        {
            // The thread waits for the lock with the first batch; the other two gather and are written together.
            first = Commits.Start(store, Commits.For(leases[0], 1));
            var broken = Commits.For(leases[1], 1, "broken");
            broken.Actions.AddRange([Commits.Action(1, "a1"), Commits.Action(1, "a2")]);
            bad = Commits.Start(store, broken);
            good = Commits.Start(store, Commits.For(leases[2], 1, "good"));
        }
        foreach (var batch in new[] { first, bad, good }) Commits.Finish(batch);
        Assert.Equal(CommitOutcome.Committed, first.Shards[0].Outcome);
        Assert.Equal(CommitOutcome.Failed, bad.Shards[0].Outcome);
        Assert.Contains("bug", bad.Shards[0].Error, StringComparison.Ordinal);
        Assert.Equal(CommitOutcome.Committed, good.Shards[0].Outcome);
        Assert.Null(good.Shards[0].Error);
        Assert.Empty(Commits.Segments(store, 1));
        Assert.Equal(["good"], Commits.Segments(store, 2));
    }

    [Fact]
    public void A_row_that_cannot_even_be_read_fails_its_batch_and_the_store_goes_on()
    {
        using var store = _folder.Open();
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        var commit = Commits.For(lease, 1, "one");
        commit.Kpis.Add(null!);
        Assert.Equal(CommitOutcome.Failed, Commits.Write(store, commit));
        Assert.Contains("bug", commit.Error, StringComparison.Ordinal);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1, "one")));
    }

    [Fact]
    public void After_a_failed_commit_the_next_of_its_shard_is_fenced_and_a_retry_goes_on()
    {
        using var store = _folder.Open();
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        var broken = Commits.For(lease, 1);
        broken.Kpis.Add(null!);
        Assert.Equal(CommitOutcome.Failed, Commits.Write(store, broken));
        Assert.Equal(CommitOutcome.Fenced, Commits.Write(store, Commits.For(lease, 2)));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1)));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 2)));
    }

    [Fact]
    public void A_commit_that_ends_the_transaction_with_an_error_is_unknown_and_a_new_connection_knows()
    {
        var options = new SqliteStoreOptions { Path = _folder.File };
        var commit = new ShardCommit();
        using (var writer = new SqliteWriter(options, _folder.File, TimeProvider.System))
        {
            ShardTable.Provision(writer.Connection, _folder.File, "clicks", 1);
            commit = Commits.For(ShardTable.TakeOver(writer.Connection, _folder.File, 0, "node-a", 0), 1, "one");
            // The hook makes COMMIT fail and leaves no transaction behind, as a disk error can.
            raw.sqlite3_commit_hook(writer.Connection.Handle!, _ => 1, null);
            var batch = new CommitBatch();
            batch.Shards.Add(commit);
            Assert.NotNull(writer.Commits.Write([batch]));
            Assert.Equal(CommitOutcome.Unknown, commit.Outcome);
            Assert.False(writer.Commits.IsUsable);
        }
        using var again = new SqliteWriter(options, _folder.File, TimeProvider.System);
        Assert.Equal(0, ShardTable.ReadCommitSeq(again.Connection, 0, commit.Epoch));
    }

    [Fact]
    public void Batches_handed_over_before_the_store_closes_are_written()
    {
        var store = _folder.Open();
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        var batches = Enumerable.Range(1, 20).Select(seq => Commits.Start(store, Commits.For(lease, seq))).ToArray();
        store.Dispose();
        Assert.All(batches, batch => Assert.True(batch.IsDone));
        Assert.All(batches, batch => Assert.Equal(CommitOutcome.Committed, batch.Shards[0].Outcome));
    }

    [Fact]
    public void A_batch_handed_over_after_the_store_closed_fails_at_once()
    {
        var store = _folder.Open();
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        store.Dispose();
        store.Dispose();
        var batch = Commits.Start(store, Commits.For(lease, 1));
        Assert.True(batch.IsDone);
        Assert.Equal(CommitOutcome.Failed, batch.Shards[0].Outcome);
        Assert.Contains("store is closed", batch.Shards[0].Error, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => store.TakeOver(0, "node-b"));
    }

    /// <summary>Another program in the middle of a write.</summary>
    private SqliteConnection Intruder()
    {
        var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }
}
