using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Engine.Stores;
using StreamEngine.Host.Settings;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.Kafka;
using StreamEngine.Storage.Sqlite;
using Xunit;

namespace StreamEngine.Host.Tests.Commands;

/// <summary>shard as a process: what is shown, what is asked, what is noted.</summary>
public sealed class ShardCommandTests : IDisposable
{
    private const string Reason = "--reason=retention was too short";

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start(2);
    private readonly Shop _shop;

    /// <summary>A database whose shard 0 is at offset 17, and a topic that holds 0 to 99 of it.</summary>
    public ShardCommandTests()
    {
        _shop = new Shop(new KafkaPart { BootstrapServers = _broker.BootstrapServers });
        using (var store = OpenStore())
        {
            store.Provision("clicks", 2);
            Commit(store, store.TakeOver(0, "node-a/0"), nextOffset: 17);
        }
        using var producer = new ClickProducer(_shop.Kafka, TimeProvider.System, NullLogger<ClickProducer>.Instance);
        for (var i = 0; i < 100; i++)
        {
            producer.TryProduceTo(0, "ann"u8.ToArray(), "{}"u8.ToArray(), 0);
        }
        Assert.True(producer.Flush(Shop.Patience));
    }

    public void Dispose()
    {
        _shop.Dispose();
        _broker.Dispose();
    }

    [Fact]
    public async Task Show_tells_where_the_shard_is_and_what_its_partition_holds()
    {
        var show = await RunAsync("show", "0");
        Assert.True(show.ExitCode == 0, show.Error);
        Assert.Contains("next offset  17; the record before it is of 2023-11-14T22:13:20", show.Output, StringComparison.Ordinal);
        Assert.Contains("partition    holds 0 to 99; 83 to read", show.Output, StringComparison.Ordinal);
        Assert.Contains("owner        node-a/0 in epoch 1, since ", show.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("note", show.Output, StringComparison.Ordinal);
        show = await RunAsync("show", "1");
        Assert.Contains("none: it never read", show.Output, StringComparison.Ordinal);
        Assert.Contains("partition    is empty and goes on at 0", show.Output, StringComparison.Ordinal);
        show = await RunAsync("show", "7");
        Assert.Equal((3, ""), (show.ExitCode, show.Output));
        Assert.Contains("has no shard 7", show.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skip_to_says_what_it_means_does_it_and_notes_who_and_why()
    {
        var skip = await RunAsync("skip-to", "0", "60", Reason, "--yes");
        Assert.True(skip.ExitCode == 0, skip.Error);
        Assert.Contains("Records 17 to 59 are never read.", skip.Output, StringComparison.Ordinal);
        skip = await RunAsync("skip-to", "0", "50", Reason, "--yes");
        Assert.Contains("Records 50 to 59 are read a second time", skip.Output, StringComparison.Ordinal);
        var show = await RunAsync("show", "0");
        Assert.Contains("next offset  50; the record before it is of no time", show.Output, StringComparison.Ordinal);
        Assert.Contains("owner        nobody; epoch 3", show.Output, StringComparison.Ordinal);
        Assert.Contains($"{Environment.UserName}@{Environment.MachineName}: went from offset 17 to 60: retention was too short", show.Output, StringComparison.Ordinal);
        Assert.Contains("went from offset 60 to 50", show.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forget_drops_the_sessions_and_keeps_the_numbering()
    {
        var forget = await RunAsync("forget", "0", "--reason", "the topic was made anew", "--yes");
        Assert.True(forget.ExitCode == 0, forget.Error);
        Assert.Contains("All sessions of this shard are dropped", forget.Output, StringComparison.Ordinal);
        using var store = OpenStore();
        var record = store.ReadShard(0);
        Assert.Equal((-1, 3, 0), (record.NextOffset, record.ActionSeq, record.SegmentCount));
        Assert.Equal("the topic was made anew", Assert.Single(record.Notes).Reason);
    }

    [Theory]
    [InlineData(2, "nobody can be asked here: repeat with --yes", "skip-to", "0", "60", Reason)]
    [InlineData(2, "--reason", "skip-to", "0", "60", "--yes")]
    [InlineData(2, "--reason takes a sentence", "forget", "0", "--reason= ", "--yes")]
    [InlineData(2, "holds 0 to 99: name an offset from 0 to 100", "skip-to", "0", "101", Reason, "--yes")]
    [InlineData(2, "an offset from 0 to 100", "skip-to", "0", "-5", Reason, "--yes")]
    [InlineData(2, "Did you mean skip-to?", "skipto", "0", "60", Reason, "--yes")]
    public async Task What_is_not_certain_is_not_done(int exitCode, string said, params string[] args)
    {
        var run = await RunAsync(args);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        using var store = OpenStore();
        Assert.Equal(17, store.ReadShard(0).NextOffset);
        Assert.Empty(store.ReadShard(0).Notes);
    }

    [Fact]
    public async Task While_an_engine_has_the_database_a_shard_is_shown_and_not_touched()
    {
        using var engine = OpenStore();
        Assert.Equal(0, (await RunAsync("show", "0")).ExitCode);
        var skip = await RunAsync("skip-to", "0", "60", Reason, "--yes");
        Assert.Equal(3, skip.ExitCode);
        Assert.Contains($"is in use by another streamengine, process {Environment.ProcessId}. Stop that one", skip.Error, StringComparison.Ordinal);
        Assert.Empty(engine.ReadShard(0).Notes);
    }

    [Fact]
    public async Task A_mistyped_path_makes_no_database()
    {
        var show = await RunAsync("show", "0", "--set", "Store:Path=none.db");
        Assert.Equal(3, show.ExitCode);
        Assert.Contains("none.db", show.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_shop.Directory, "none.db")));
    }

    private Task<ChildProcess> RunAsync(params string[] args)
    {
        string[] command = args.Contains("Store:Path=none.db", StringComparer.Ordinal) ? ["shard", .. args] : ["shard", .. args, .. _shop.Arguments];
        return ChildProcess.StreamEngineAsync(_shop.Directory, command);
    }

    private SqliteShardStore OpenStore() =>
        new(new SqliteStoreOptions { Path = _shop.Database }, TimeProvider.System, NullLogger<SqliteShardStore>.Instance);

    private static void Commit(SqliteShardStore store, ShardLease lease, long nextOffset)
    {
        var commit = new ShardCommit
        {
            Shard = lease.Shard,
            Epoch = lease.Epoch,
            Owner = lease.Owner,
            CommitSeq = 1,
            NextOffset = nextOffset,
            LastRecordMs = 1_700_000_000_000,
            ShardTimeMs = 1_700_000_000_000,
            ActionSeq = 3,
            PublishedSeq = 3,
        };
        var batch = new CommitBatch();
        batch.Shards.Add(commit);
        store.Submit(batch);
        Assert.True(SpinWait.SpinUntil(() => batch.IsDone, Shop.Patience));
        Assert.Equal(CommitOutcome.Committed, commit.Outcome);
    }
}
