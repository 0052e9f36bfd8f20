using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Storage.Tests.Sqlite;

public sealed class SqliteFullDiskTests : IDisposable
{
    private const int SegmentBytes = 50_000;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_at_its_bound_fails_commits_with_the_mend_and_loses_nothing()
    {
        using var store = StoreFolder.Open(_folder.File, fileBytesMax: 1_000_000);
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        var last = FillUp(store, lease);
        // No segment fits any more, but one that lets old ones go does.
        Assert.Equal(CommitOutcome.Failed, Commits.Write(store, Commits.WithBytes(lease, last + 1, SegmentBytes)));
        var making = Commits.WithBytes(lease, last + 1, SegmentBytes);
        making.DropSegmentsBelow = 4;
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, making));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.WithBytes(lease, last + 2, SegmentBytes)));
        AssertAll(store, firstSeq: 4, lastSeq: last + 2);
    }

    [Fact]
    public void A_raised_bound_lets_commits_go_on()
    {
        ShardLease lease;
        long last;
        using (var store = StoreFolder.Open(_folder.File, fileBytesMax: 1_000_000))
        {
            store.Provision("clicks", 1);
            lease = store.TakeOver(0, "node-a");
            last = FillUp(store, lease);
        }
        using var larger = StoreFolder.Open(_folder.File, fileBytesMax: 4_000_000);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(larger, Commits.WithBytes(lease, last + 1, SegmentBytes)));
        AssertAll(larger, firstSeq: 1, lastSeq: last + 1);
    }

    [Fact]
    public void A_full_disk_fails_commits_loses_nothing_and_they_go_on_when_there_is_room()
    {
        using var disk = Mount(bytes: 4_000_000);
        var path = Path.Combine(disk.Folder, "store.db");
        var log = new ListLogger();
        using (var store = StoreFolder.Open(path, checkpointBytes: 500_000, logger: log))
        {
            store.Provision("clicks", 1);
            disk.Fill(2_000_000);
            var lease = store.TakeOver(0, "node-a");
            var last = FillUp(store, lease);
            AssertAll(store, firstSeq: 1, lastSeq: last);
            // What fails is written into the log first, so that it grows and is to be copied again and again.
            for (var attempt = 0; attempt < 100; attempt++)
                Assert.Equal(CommitOutcome.Failed, Commits.Write(store, Commits.WithBytes(lease, last + 1, SegmentBytes)));
            disk.Clear();
            for (var seq = last + 1; seq <= last + 25; seq++)
                Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.WithBytes(lease, seq, SegmentBytes)));
            AssertAll(store, firstSeq: 1, lastSeq: last + 25);
        }
        // The commits told of the disk, each to who made it; a second voice for the same trouble would be one too many.
        Assert.Empty(log.Lines);
        using var again = StoreFolder.Open(path);
        Assert.NotEmpty(again.TakeOver(0, "node-b").Segments);
    }

    [Fact]
    public void A_full_disk_under_shards_that_wait_for_it_is_told_of_by_their_take_overs_alone()
    {
        using var disk = Mount(bytes: 4_000_000);
        var log = new ListLogger();
        using var store = StoreFolder.Open(Path.Combine(disk.Folder, "store.db"), checkpointBytes: 500_000, logger: log);
        store.Provision("clicks", 1);
        disk.Fill(2_000_000);
        var last = FillUp(store, store.TakeOver(0, "node-a"));
        var failed = 0;
        for (var attempt = 0; attempt < 2_000; attempt++)
        {
            try
            {
                store.TakeOver(0, "node-a");
            }
            catch (ShardStoppedException error)
            {
                Assert.Contains("disk is full", error.Message, StringComparison.Ordinal);
                failed++;
            }
        }
        Assert.InRange(failed, 1_000, 2_000);
        disk.Clear();
        var lease = store.TakeOver(0, "node-a");
        for (var seq = last + 1; seq <= last + 25; seq++)
            Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.WithBytes(lease, seq, SegmentBytes)));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void A_database_that_has_no_room_is_told_of_while_its_log_has_some()
    {
        using var disk = Mount(bytes: 1_000_000);
        var log = new ListLogger();
        var onDisk = Path.Combine(disk.Folder, "store.db");
        File.WriteAllBytes(onDisk, []);
        File.WriteAllBytes(_folder.File, []);
        SystemTool.Run("mount", "--bind", onDisk, _folder.File);
        try
        {
            using (var store = StoreFolder.Open(_folder.File, checkpointBytes: 500_000, logger: log))
            {
                store.Provision("clicks", 1);
                var lease = store.TakeOver(0, "node-a");
                for (var seq = 1; seq <= 60; seq++)
                    Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.WithBytes(lease, seq, SegmentBytes)));
                AssertAll(store, firstSeq: 1, lastSeq: 60);
            }
            var told = Assert.Single(log.Lines, static line => line.Contains("stays in the -wal file", StringComparison.Ordinal));
            Assert.Contains(_folder.File, told, StringComparison.Ordinal);
            Assert.Contains("disk is full", told, StringComparison.Ordinal);
        }
        finally
        {
            SystemTool.Run("umount", _folder.File);
        }
    }

    /// <returns>The last commit that fitted.</returns>
    private static long FillUp(IShardStore store, ShardLease lease)
    {
        for (var seq = 1; seq < 1_000; seq++)
        {
            var commit = Commits.WithBytes(lease, seq, SegmentBytes);
            if (Commits.Write(store, commit) == CommitOutcome.Committed) continue;
            Assert.Equal(CommitOutcome.Failed, commit.Outcome);
            Assert.Contains("disk is full", commit.Error, StringComparison.Ordinal);
            Assert.Contains("Free space", commit.Error, StringComparison.Ordinal);
            return seq - 1;
        }
        throw new InvalidOperationException("The disk did not fill up.");
    }

    private static void AssertAll(IShardStore store, long firstSeq, long lastSeq)
    {
        var lengths = new List<int>();
        foreach (var segment in store.ReadSegments(0)) lengths.Add(segment.Length);
        Assert.Equal(Enumerable.Repeat(SegmentBytes, (int)(lastSeq - firstSeq + 1)), lengths);
        Assert.Equal(lastSeq, store.ResolveCommitSeq(0, 1));
    }

    private MemoryDisk Mount(int bytes)
    {
        var disk = MemoryDisk.TryMount(Directory.CreateDirectory(Path.Combine(_folder.Root, "disk")).FullName, bytes, out var reason);
        Assert.SkipWhen(disk is null, reason);
        return disk;
    }
}
