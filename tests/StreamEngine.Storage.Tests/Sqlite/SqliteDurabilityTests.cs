using System.Globalization;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Storage.Tests.Sqlite;

public sealed class SqliteDurabilityTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Commits_are_flushed_to_the_disk_and_checkpoints_are_ours()
    {
        using var connection = SqliteConnections.OpenWriting(new SqliteStoreOptions { Path = _folder.File }, _folder.File, TimeProvider.System);
        Assert.Equal("wal", SqliteConnections.Pragma(connection, "journal_mode"));
        Assert.Equal("2", SqliteConnections.Pragma(connection, "synchronous"));
        Assert.Equal("0", SqliteConnections.Pragma(connection, "wal_autocheckpoint"));
        Assert.Equal("0", SqliteConnections.Pragma(connection, "mmap_size"));
        Assert.Equal("8192", SqliteConnections.Pragma(connection, "page_size"));
        Assert.Equal("normal", SqliteConnections.Pragma(connection, "locking_mode"));
    }

    [Fact]
    public void A_log_cut_off_anywhere_gives_back_whole_commits_and_all_that_were_acknowledged()
    {
        using var store = StoreFolder.Open(_folder.File, checkpointBytes: int.MaxValue);
        store.Provision("clicks", 2);
        ShardLease[] leases = [store.TakeOver(0, "node-a"), store.TakeOver(1, "node-a")];
        var logBytesAt = new List<(long Seq, long Bytes)>();
        for (var seq = 1; seq <= 12; seq++)
        {
            Commits.Finish(Commits.Start(store, [.. leases.Select(lease => Full(lease, seq))]));
            logBytesAt.Add((seq, new FileInfo(_folder.File + "-wal").Length));
        }
        // What a kill leaves: the files as they are. A power cut may take the part of the log that nobody was told about.
        var log = File.ReadAllBytes(_folder.File + "-wal");
        var database = File.ReadAllBytes(_folder.File);
        foreach (var (acknowledged, bytes) in logBytesAt)
        {
            AssertWhole(database, log[..(int)bytes], acknowledged, acknowledged);
            var torn = Math.Min(log.Length, (int)bytes + 9_000);
            AssertWhole(database, log[..torn], acknowledged, acknowledged + 1);
        }
    }

    [Fact]
    public void Checkpoints_lose_nothing_and_keep_the_log_short()
    {
        var lengthMax = 0L;
        using (var store = StoreFolder.Open(_folder.File, checkpointBytes: 200_000))
        {
            store.Provision("clicks", 1);
            var lease = store.TakeOver(0, "node-a");
            for (var seq = 1; seq <= 200; seq++)
            {
                var commit = Commits.WithBytes(lease, seq, 20_000);
                commit.DropSegmentsBelow = seq - 5;
                Assert.Equal(CommitOutcome.Committed, Commits.Write(store, commit));
                lengthMax = Math.Max(lengthMax, new FileInfo(_folder.File + "-wal").Length);
            }
        }
        Assert.InRange(lengthMax, 1, 1_000_000);
        using var again = _folder.Open();
        Assert.Equal(200, again.TakeOver(0, "node-b").CommitSeq);
        Assert.Equal(6, again.ReadSegments(0).Count());
    }

    private static ShardCommit Full(ShardLease lease, long seq)
    {
        var commit = Commits.For(lease, seq, new string('s', 7_000));
        commit.ActionSeq = seq;
        commit.Actions.Add(Commits.Action(seq, $"a{seq}"));
        commit.Carts.Add(new CartRow("v1", 1, (int)seq, "Carting", seq, "EUR", 1, 0, seq));
        commit.Kpis.Add(new KpiDelta(0, "carts_abandoned", "", 1));
        return commit;
    }

    private void AssertWhole(byte[] database, byte[] log, long seqMin, long seqMax)
    {
        var path = Path.Combine(_folder.Root, string.Create(CultureInfo.InvariantCulture, $"copy-{log.Length}.db"));
        File.WriteAllBytes(path, database);
        File.WriteAllBytes(path + "-wal", log);
        using var store = StoreFolder.Open(path);
        using var reader = SqliteStoreReader.Open(path);
        var leases = new[] { store.TakeOver(0, "node-b"), store.TakeOver(1, "node-b") };
        Assert.Equal(leases[0].CommitSeq, leases[1].CommitSeq);
        foreach (var lease in leases)
        {
            Assert.InRange(lease.CommitSeq, seqMin, seqMax);
            Assert.Equal(lease.CommitSeq * 10, lease.NextOffset);
            Assert.Equal(lease.CommitSeq, lease.Segments[^1].Seq);
            Assert.Equal(lease.CommitSeq, store.ReadOutbox(lease.Shard, 0, 100)[^1].Seq);
            Assert.Equal(lease.CommitSeq, Assert.Single(reader.ReadCarts(lease.Shard)).Episode);
            Assert.Equal(lease.CommitSeq, Assert.Single(reader.ReadKpis(lease.Shard)).Amount);
        }
    }
}
