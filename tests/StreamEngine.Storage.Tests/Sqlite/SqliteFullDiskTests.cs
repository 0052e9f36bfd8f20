using System.Diagnostics;
using StreamEngine.Engine.Stores;

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
        var disk = Path.Combine(_folder.Root, "disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk), "Mounting a small disk needs root on Linux.");
        try
        {
            var path = Path.Combine(disk, "store.db");
            var ballast = Path.Combine(disk, "ballast");
            File.WriteAllBytes(ballast, new byte[2_000_000]);
            using (var store = StoreFolder.Open(path, checkpointBytes: 500_000))
            {
                store.Provision("clicks", 1);
                var lease = store.TakeOver(0, "node-a");
                var last = FillUp(store, lease);
                AssertAll(store, firstSeq: 1, lastSeq: last);
                File.Delete(ballast);
                for (var seq = last + 1; seq <= last + 5; seq++)
                    Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.WithBytes(lease, seq, SegmentBytes)));
                AssertAll(store, firstSeq: 1, lastSeq: last + 5);
            }
            using var again = StoreFolder.Open(path);
            Assert.NotEmpty(again.TakeOver(0, "node-b").Segments);
        }
        finally
        {
            Assert.True(Run("umount", disk));
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

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
