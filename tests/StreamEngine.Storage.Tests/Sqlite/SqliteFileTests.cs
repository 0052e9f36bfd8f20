using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Sqlite;
using StreamEngine.Storage.Tests.Blocks;

namespace StreamEngine.Storage.Tests.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Every_file_and_a_new_folder_are_for_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var path = Path.Combine(_folder.Root, "deep", "er", "store.db");
        using var store = StoreFolder.Open(path);
        store.Provision("clicks", 1);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(store.TakeOver(0, "node-a"), 1, "state")));
        var files = Directory.GetFiles(Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal([path, path + "-shm", path + "-wal", path + ".lock"], files);
        foreach (var file in files) Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_others_may_read_is_made_private()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        _folder.Open().Dispose();
        File.SetUnixFileMode(_folder.File, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.GroupRead);
        _folder.Open().Dispose();
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_folder.File));
    }

    [Fact]
    public void A_second_host_on_the_same_file_is_refused_and_told_what_to_do()
    {
        using var store = _folder.Open();
        var error = Assert.Throws<EngineFatalException>(() => _folder.Open());
        Assert.Contains(_folder.File, error.Message, StringComparison.Ordinal);
        Assert.Contains($"in use by another streamengine, process {Environment.ProcessId}.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Store:Path", error.Message, StringComparison.Ordinal);
        store.Provision("clicks", 1);
    }

    [Fact]
    public void A_second_host_that_comes_through_a_link_is_refused_too()
    {
        using var store = _folder.Open();
        var link = Path.Combine(_folder.Root, "link.db");
        File.CreateSymbolicLink(link, _folder.File);
        Assert.Throws<EngineFatalException>(() => StoreFolder.Open(link));
    }

    [Fact]
    public void The_file_is_free_again_after_the_first_host_ends()
    {
        _folder.Open().Dispose();
        using var store = _folder.Open();
        store.Provision("clicks", 1);
    }

    [Fact]
    public void A_refused_start_leaves_the_file_free()
    {
        File.WriteAllText(_folder.File, new string('x', 5_000));
        Assert.Throws<EngineFatalException>(() => _folder.Open());
        File.Delete(_folder.File);
        _folder.Open().Dispose();
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused_with_both_versions_and_left_as_it_is()
    {
        _folder.Open().Dispose();
        Execute("INSERT INTO schema_version (version, applied_ms) VALUES (99, 0)");
        var before = File.ReadAllBytes(_folder.File);
        foreach (var open in new Action[] { () => _folder.Open(), () => SqliteStoreReader.Open(_folder.File) })
        {
            var error = Assert.Throws<EngineFatalException>(open);
            Assert.Contains("version 99", error.Message, StringComparison.Ordinal);
            Assert.Contains($"version {SqliteSchema.Newest}", error.Message, StringComparison.Ordinal);
            Assert.Contains(_folder.File, error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(before, File.ReadAllBytes(_folder.File));
    }

    [Fact]
    public void A_database_of_the_first_version_gets_the_new_columns_and_goes_on()
    {
        MakeTables(version: 1);
        Execute(
            """
            INSERT INTO meta VALUES (1, 'clicks', 1);
            INSERT INTO shard VALUES (0, 1, 'node-a', 1, 10, 0, 0, 0, 0);
            INSERT INTO segment VALUES (0, 1, CAST('state' AS BLOB));
            """);
        using var later = _folder.Open();
        var lease = later.TakeOver(0, "node-b");
        Assert.Equal((10, 0), (lease.NextOffset, lease.LastRecordMs));
        Assert.Equal(["state"], Commits.Segments(later, 0));
        Assert.Empty(later.ReadShard(0).Notes);
    }

    [Fact]
    public void A_database_of_the_second_version_keeps_its_decisions_and_its_closed_carts()
    {
        MakeTables(version: 2);
        Execute(
            """
            INSERT INTO meta VALUES (1, 'clicks', 1);
            INSERT INTO shard VALUES (0, 1, 'node-a', 1, 10, 0, 2, 1, 0, 0);
            INSERT INTO cart VALUES (0, 'v1', 1, 'Carting', 500, 'EUR', 1, 0, 10), (0, 'v2', 1, 'Purchased', 700, 'EUR', 2, 0, 20);
            INSERT INTO action VALUES (0, 1, 'b', 'v1', 1, 't', 'email', NULL, NULL, 'r', 1, 2, 3, 4, x'7b7d'),
                                      (0, 0, 'c', 'v1', 1, 't', 'email', 'A', 'HoldOut', 'r', 1, 2, 3, 4, x'7b7d'),
                                      (0, 2, 'a', 'v2', 1, 't', 'email', NULL, NULL, 'r', 1, 2, 3, 4, x'7b7d');
            """);
        using var later = _folder.Open();
        using var reader = SqliteStoreReader.Open(_folder.File);
        Assert.Equal([new CartRow("v2", 0, 1, "Purchased", 700, "EUR", 2, 0, 20)], reader.ReadCarts(0));
        Assert.Equal([(1, "b"), (0, "c"), (2, "a")], reader.ReadActions(0).Select(static row => ((int)row.Seq, row.Id)));
        Assert.Equal("a", Assert.Single(later.ReadOutbox(0, 1, 10)).Id);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(later, Commits.For(later.TakeOver(0, "node-b"), 2)));
    }

    [Fact]
    public void A_database_of_the_third_version_keeps_every_row_in_its_order()
    {
        const int Count = 2_500;
        MakeTables(version: 3);
        Execute(string.Create(CultureInfo.InvariantCulture,
            $$"""
            INSERT INTO meta VALUES (1, 'clicks', 2);
            INSERT INTO shard VALUES (0, 1, 'node-a', 1, 10, 0, {{Count}}, 1, 0, 0), (1, 1, 'node-a', 1, 10, 0, 0, 0, 0, 0);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {{Count}})
                INSERT INTO action SELECT 0, i, 'a' || i, 'v''' || i || char(0x241B), 1, 't', 'email', NULL, NULL, 'ü "r"', 9000 - i, 2, 3, i,
                    CAST('{"n":' || i || ',"t":"\u00fc"}' AS BLOB) FROM n;
            INSERT INTO action VALUES (1, 0, 'held', 'v', 1, 't', 'email', 'A', 'HoldOut', 'r', 1, 2, 3, 4, x'');
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {{Count}})
                INSERT INTO cart SELECT 0, 5, 'v' || (i % 500), i, 'Carting', i, 'EUR', 1, 0, i FROM n;
            """));
        using var later = _folder.Open();
        using var reader = SqliteStoreReader.Open(_folder.File);
        MigratedRows.Check(later, [.. reader.ReadActions(0)], [.. reader.ReadCarts(0)], reader.ReadSummary(), Count);
        Assert.Equal(("held", "HoldOut", 0), MigratedRows.Held([.. reader.ReadActions(1)]));
    }

    [Fact]
    public void Who_only_reads_a_database_of_an_older_version_is_told_to_run_the_engine_on_it_once()
    {
        MakeTables(version: 2);
        var error = Assert.Throws<EngineFatalException>(() => SqliteStoreReader.Open(_folder.File));
        Assert.Contains($"{_folder.File} was written by an older streamengine: run this one on it once", error.Message, StringComparison.Ordinal);
        _folder.Open().Dispose();
        using var reader = SqliteStoreReader.Open(_folder.File);
        Assert.Equal(SqliteSchema.Newest, reader.ReadSummary().SchemaVersion);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        Execute("CREATE TABLE invoices (id INTEGER)");
        var before = File.ReadAllBytes(_folder.File);
        Assert.Contains("another program", Assert.Throws<EngineFatalException>(() => _folder.Open()).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_by_name()
    {
        File.WriteAllText(_folder.File, string.Concat(Enumerable.Repeat("2026-01-01 a log line\n", 1_000)));
        var error = Assert.Throws<EngineFatalException>(() => _folder.Open());
        Assert.Contains(_folder.File, error.Message, StringComparison.Ordinal);
        Assert.Contains("not a SQLite database", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(8192)]
    [InlineData(30_000)]
    public void A_file_that_was_cut_short_is_refused_by_name(int bytes)
    {
        using (var store = _folder.Open())
        {
            store.Provision("clicks", 8);
            Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.WithBytes(store.TakeOver(0, "node-a"), 1, 100_000)));
        }
        using (var file = File.OpenWrite(_folder.File)) file.SetLength(bytes);
        var error = Assert.Throws<EngineFatalException>(() =>
        {
            using var store = _folder.Open();
            store.Provision("clicks", 8);
            store.TakeOver(0, "node-a");
            foreach (var segment in store.ReadSegments(0)) Assert.NotEqual(0, segment.Length);
        });
        Assert.Contains(_folder.File, error.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_refused() =>
        Assert.Contains("is a folder", Assert.Throws<EngineFatalException>(() => StoreFolder.Open(_folder.Root)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_by_name()
    {
        File.WriteAllText(Path.Combine(_folder.Root, "taken"), "");
        var error = Assert.Throws<EngineFatalException>(() => StoreFolder.Open(Path.Combine(_folder.Root, "taken", "store.db")));
        Assert.Contains(Path.Combine(_folder.Root, "taken"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_was_cut_off_while_making_the_tables_is_taken_up_again()
    {
        // A crash can leave an empty file, or the table of versions without a step.
        Execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_ms INTEGER NOT NULL)");
        using var store = _folder.Open();
        store.Provision("clicks", 1);
    }

    private void MakeTables(int version)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        SqliteSchema.Of(connection, _folder.File, version).Apply(0, 0);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
