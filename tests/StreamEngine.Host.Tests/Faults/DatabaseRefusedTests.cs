using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Stores;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.Storage.Sqlite;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>A database that the host cannot use: it says why in one line that names the file and the mend, changes nothing, and exits with 3.</summary>
public sealed class DatabaseRefusedTests : IDisposable
{
    private const int Partitions = 8;

    private readonly EmbeddedShop _embedded = new();

    private Shop Shop => _embedded.Shop;

    public void Dispose() => _embedded.Dispose();

    [Fact]
    public async Task One_of_a_newer_version_is_refused_with_both_versions()
    {
        MakeDatabase();
        Execute("INSERT INTO schema_version (version, applied_ms) VALUES (99, 0)");
        await AssertRefusedAsync($"{Shop.Database} has version 99", "up to version 4", "Start the newer streamengine that wrote it");
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(8_192)]
    [InlineData(60_000)]
    public async Task One_that_was_cut_short_is_refused(int bytes)
    {
        MakeDatabase();
        using (var file = File.OpenWrite(Shop.Database))
        {
            file.SetLength(bytes);
        }
        await AssertRefusedAsync(Shop.Database + ": the file is damaged or cut short", "Put back a backup", "--accept-empty-store");
    }

    [Fact]
    public async Task One_with_foreign_bytes_in_its_middle_is_refused()
    {
        MakeDatabase();
        using (var file = File.OpenWrite(Shop.Database))
        {
            file.Position = 8_192;
            file.Write(new byte[file.Length - 8_192]);
        }
        await AssertRefusedAsync(Shop.Database + ": the file is damaged or cut short", "Put back a backup", "--accept-empty-store");
    }

    [Fact]
    public async Task Another_program_s_file_is_refused_and_stays_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("2026-01-01 a log line\n", 1_000));
        File.WriteAllText(Shop.Database, text);
        await AssertRefusedAsync(Shop.Database + ": the file is not a SQLite database", "Point Store:Path at the store's file");
        Assert.Equal(text, File.ReadAllText(Shop.Database));
    }

    [Fact]
    public async Task One_that_another_host_has_is_refused_with_the_number_of_its_process_and_that_one_goes_on()
    {
        using var first = _embedded.Run();
        await first.LineAsync("taken over");
        await AssertRefusedAsync(Shop.Database + " is in use by another streamengine", $"process {first.Id}", "Store:Path");
        first.Signal("TERM");
        var end = await first.EndAsync();
        Assert.True(end.ExitCode == ExitCode.Ok, end.Error);
    }

    [Fact]
    public async Task A_folder_on_a_disk_that_is_mounted_read_only_is_refused()
    {
        using var disk = MemoryDisk.TryMount(Shop.Directory, bytes: 1_000_000, out var reason);
        Assert.SkipWhen(disk is null, reason);
        disk.MakeReadOnly();
        await AssertRefusedAsync(Shop.Database, "mounted read-only", "Store:Path");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused()
    {
        File.WriteAllText(Path.Combine(Shop.Directory, "taken"), "");
        var run = await RunAsync("--set", "Store:Path=" + Path.Combine(Shop.Directory, "taken", "shop.db"));
        AssertOneLine(run, Path.Combine(Shop.Directory, "taken"), "Store:Path");
    }

    [Fact]
    public async Task One_that_is_cut_short_under_a_running_host_ends_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the size of an open file is not watched.");
        MakeDatabase();
        using var engine = _embedded.Run();
        await engine.LineAsync("taken over");
        using (var file = new FileStream(Shop.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(20_000);
        }
        var end = await engine.EndAsync();
        Assert.Equal(ExitCode.Fatal, end.ExitCode);
        var line = Assert.Single(end.Error.Split('\n'), line => line.StartsWith("streamengine: ", StringComparison.Ordinal));
        Assert.StartsWith($"streamengine: {Shop.Database} was cut short while the engine ran.", line, StringComparison.Ordinal);
        Assert.Equal(20_000, new FileInfo(Shop.Database).Length);
    }

    /// <summary>About 400 kB of a store for this topic.</summary>
    private void MakeDatabase()
    {
        using var store = new SqliteShardStore(new SqliteStoreOptions { Path = Shop.Database }, TimeProvider.System, NullLogger.Instance);
        store.Provision(Shop.Kafka.ClicksTopic, Partitions);
        for (var shard = 0; shard < Partitions; shard++)
        {
            var lease = store.TakeOver(shard, "before");
            var commit = new ShardCommit { Shard = shard, Epoch = lease.Epoch, Owner = lease.Owner, CommitSeq = 1, NextOffset = 0 };
            commit.DeadLetters.AddRange(Enumerable.Range(0, 1_000).Select(static at => new DeadLetterRow(at, "NotJson: " + new string('x', 30), null, 0, 0)));
            var batch = new CommitBatch();
            batch.Shards.Add(commit);
            store.Submit(batch);
            Assert.True(SpinWait.SpinUntil(() => batch.IsDone, Shop.Patience));
            Assert.Equal(CommitOutcome.Committed, commit.Outcome);
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Shop.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task<ChildProcess> RunAsync(params string[] arguments)
    {
        using var engine = _embedded.Run(arguments);
        return await engine.EndAsync();
    }

    private async Task AssertRefusedAsync(params string[] parts) => AssertOneLine(await RunAsync(), parts);

    private static void AssertOneLine(ChildProcess run, params string[] parts)
    {
        Assert.Equal((ExitCode.Fatal, ""), (run.ExitCode, run.Output));
        // What Kafka assigned before may stand above it.
        var line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => !line.Contains(" info: ", StringComparison.Ordinal));
        Assert.StartsWith("streamengine: ", line, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }
}
