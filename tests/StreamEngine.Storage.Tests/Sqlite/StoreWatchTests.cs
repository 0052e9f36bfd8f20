using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Storage.Tests.Sqlite;

/// <summary>SQLite goes on writing to files that were removed, and nobody would find those commits again.</summary>
public sealed class StoreWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Files => [.. (string[])["", "-wal", "-shm", ".lock"]];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_removed_file_fails_the_next_commit_and_every_one_after_it(string suffix)
    {
        SkipWhereFilesCannotBeRemoved();
        using var store = OpenWithOneCommit(out var lease);
        File.Delete(_folder.File + suffix);
        AssertLost(store, lease, _folder.File + suffix, "removed or moved");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_replaced_file_fails_the_next_commit_and_every_one_after_it(string suffix)
    {
        SkipWhereFilesCannotBeRemoved();
        using var store = OpenWithOneCommit(out var lease);
        File.WriteAllText(_folder.File + ".new", "another");
        File.Move(_folder.File + ".new", _folder.File + suffix, overwrite: true);
        AssertLost(store, lease, _folder.File + suffix, "replaced");
        Assert.Equal("another", File.ReadAllText(_folder.File + suffix));
    }

    [Theory]
    [InlineData("", 8192)]
    [InlineData("-wal", 0)]
    [InlineData("-wal", 20_000)]
    public void A_file_that_is_cut_short_fails_the_next_commit_and_every_one_after_it(string suffix, long bytes)
    {
        SkipWhereFilesCannotBeRemoved();
        using (var store = StoreFolder.Open(_folder.File, checkpointBytes: 150_000))
        {
            store.Provision("clicks", 1);
            var lease = store.TakeOver(0, "node-a");
            for (var seq = 1; seq <= 10; seq++) Commits.Write(store, Commits.WithBytes(lease, seq, 30_000));
            using (var file = new FileStream(_folder.File + suffix, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(bytes);
            AssertLost(store, lease, _folder.File + suffix, "cut short", lastSeq: 10);
        }
        Assert.Equal(bytes, new FileInfo(_folder.File + suffix).Length);
    }

    [Fact]
    public void A_moved_folder_is_noticed()
    {
        SkipWhereFilesCannotBeRemoved();
        var path = Path.Combine(_folder.Root, "here", "store.db");
        using var store = StoreFolder.Open(path);
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        Directory.Move(Path.Combine(_folder.Root, "here"), Path.Combine(_folder.Root, "there"));
        AssertLost(store, lease, path, "removed or moved", lastSeq: 0);
    }

    [Fact]
    public void A_store_without_work_notices_it_too()
    {
        SkipWhereFilesCannotBeRemoved();
        using var store = OpenWithOneCommit(out _);
        Assert.Null(store.Loss);
        File.Delete(_folder.File);
        Assert.True(SpinWait.SpinUntil(() => store.Loss is not null, Patience));
        Assert.Contains(_folder.File, store.Loss!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-shm")]
    [InlineData(".lock")]
    public void Without_a_file_beside_it_the_database_still_has_every_commit(string suffix)
    {
        SkipWhereFilesCannotBeRemoved();
        using (var store = OpenWithOneCommit(out var lease))
        {
            File.Delete(_folder.File + suffix);
            Commits.Write(store, Commits.For(lease, 2, "two"));
            Assert.Contains("Nothing is lost", store.Loss!.Message, StringComparison.Ordinal);
        }
        using var again = _folder.Open();
        Assert.Equal("one", Commits.Segments(again, 0)[0]);
    }

    [Fact]
    public void A_database_that_is_moved_back_has_every_commit()
    {
        SkipWhereFilesCannotBeRemoved();
        using (var store = OpenWithOneCommit(out var lease))
        {
            File.Move(_folder.File, _folder.File + ".aside");
            Assert.Equal(CommitOutcome.Failed, Commits.Write(store, Commits.For(lease, 2, "two")));
        }
        File.Move(_folder.File + ".aside", _folder.File);
        using var again = _folder.Open();
        Assert.Equal("one", Commits.Segments(again, 0)[0]);
    }

    [Fact]
    public void Files_that_stay_are_no_loss_however_much_is_written_and_copied()
    {
        using var store = StoreFolder.Open(_folder.File, checkpointBytes: 100_000);
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        for (var seq = 1; seq <= 30; seq++)
        {
            Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.WithBytes(lease, seq, 50_000)));
            using var reader = SqliteStoreReader.Open(_folder.File);
            Assert.Equal(seq, reader.ReadSummary().Shards[0].CommitSeq);
        }
        Assert.Null(store.Loss);
    }

    private static void SkipWhereFilesCannotBeRemoved() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere an open file cannot be removed, or is not told from another by its inode.");

    private SqliteShardStore OpenWithOneCommit(out ShardLease lease)
    {
        var store = _folder.Open();
        store.Provision("clicks", 1);
        lease = store.TakeOver(0, "node-a");
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1, "one")));
        return store;
    }

    private static void AssertLost(SqliteShardStore store, ShardLease lease, string file, string how, long lastSeq = 1)
    {
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var commit = Commits.For(lease, lastSeq + attempt, "later");
            Assert.Equal(CommitOutcome.Failed, Commits.Write(store, commit));
            Assert.Contains(file + " was " + how, commit.Error, StringComparison.Ordinal);
        }
        Assert.Contains(file + " was " + how, store.Loss!.Message, StringComparison.Ordinal);
        Assert.Same(store.Loss, Assert.Throws<EngineFatalException>(() => store.TakeOver(0, "node-b")));
        Assert.Same(store.Loss, Assert.Throws<EngineFatalException>(() => store.ReadOutbox(0, 0, 1)));
        Assert.Same(store.Loss, Assert.Throws<EngineFatalException>(() => Commits.Segments(store, 0)));
        Assert.Same(store.Loss, Assert.Throws<EngineFatalException>(() => store.ResolveCommitSeq(0, 1)));
    }
}
