using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests;

/// <summary>What every <see cref="IShardStore"/> promises to the engine. A database inherits this class.</summary>
public abstract class ShardStoreContract : RepairContract
{
    private static string[] Numbers(int first, int count) => [.. Enumerable.Range(first, count).Select(number => $"{number}")];

    [Fact]
    public void Provisioning_again_with_the_same_topic_and_count_changes_nothing()
    {
        var lease = Take();
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, 1, "one")));
        Store.Provision("clicks", 4);
        Reopen().Provision("clicks", 4);
        Assert.Equal(1, Store.TakeOver(0, "node-a").CommitSeq);
    }

    [Fact]
    public void Another_partition_count_is_refused_with_both_numbers()
    {
        Store.Provision("clicks", 8);
        var error = Assert.Throws<EngineFatalException>(() => Store.Provision("clicks", 12));
        Assert.Contains("provisioned with 8 partitions of topic clicks, found 12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_topic_is_refused_with_both_names()
    {
        Store.Provision("clicks", 8);
        var error = Assert.Throws<EngineFatalException>(() => Reopen().Provision("visits", 8));
        Assert.Contains("topic clicks", error.Message, StringComparison.Ordinal);
        Assert.Contains("topic visits", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void A_shard_that_was_not_provisioned_cannot_be_taken_over(int shard)
    {
        Store.Provision("clicks", 4);
        var error = Assert.Throws<EngineFatalException>(() => Store.TakeOver(shard, "node-a"));
        Assert.Contains($"no shard {shard}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_was_not_provisioned_has_no_shards() =>
        Assert.Throws<EngineFatalException>(() => Store.TakeOver(0, "node-a"));

    [Fact]
    public void A_new_shard_has_committed_nothing()
    {
        var lease = Take();
        Assert.Equal(new ShardLease(0, "node-a", 1, 0, -1, 0, 0, 0, lease.Segments), lease);
        Assert.Empty(lease.Segments);
        Assert.Empty(Commits.Segments(Store, 0));
        Assert.Empty(Store.ReadOutbox(0, 0, 10));
    }

    [Fact]
    public void Take_over_raises_the_epoch_and_returns_what_was_committed()
    {
        var first = Take();
        var commit = Commits.For(first, 1, "abc");
        commit.NextOffset = 77;
        commit.LastRecordMs = 1_700_000_000_045;
        commit.ShardTimeMs = 1_700_000_000_123;
        commit.ActionSeq = 9;
        commit.PublishedSeq = 7;
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));

        var second = Reopen().TakeOver(0, "node-b");
        Assert.Equal(new ShardLease(0, "node-b", 2, 1, 77, 1_700_000_000_123, 9, 7, second.Segments) { LastRecordMs = 1_700_000_000_045 }, second);
        Assert.Equal([new SegmentInfo(1, 3)], second.Segments);
    }

    [Fact]
    public void Taking_over_one_shard_leaves_the_others_with_their_owners()
    {
        var other = Take(1);
        Take();
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(other, 1)));
    }

    [Fact]
    public void A_commit_of_an_earlier_epoch_changes_nothing()
    {
        var old = Take();
        Store.TakeOver(0, "node-b");
        var commit = Commits.For(old, 1, "stale");
        commit.Actions.Add(Commits.Action(1, "a1"));
        Assert.Equal(CommitOutcome.Fenced, Commits.Write(Store, commit));
        Assert.Contains("node-b", commit.Error, StringComparison.Ordinal);
        Assert.Empty(Commits.Segments(Store, 0));
        Assert.Empty(ReadRows(0).Actions);
        Assert.Equal(0, Store.TakeOver(0, "node-c").CommitSeq);
    }

    [Fact]
    public void A_commit_under_another_owners_name_is_fenced()
    {
        var commit = Commits.For(Take() with { Owner = "node-x" }, 1);
        Assert.Equal(CommitOutcome.Fenced, Commits.Write(Store, commit));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_commit_that_does_not_follow_the_last_one_is_fenced(long seq)
    {
        var lease = Take();
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, 1, "one")));
        Assert.Equal(CommitOutcome.Fenced, Commits.Write(Store, Commits.For(lease, seq, "again")));
        Assert.Equal(["one"], Commits.Segments(Store, 0));
    }

    [Fact]
    public void A_commit_for_a_shard_that_does_not_exist_is_fenced()
    {
        var commit = Commits.For(Take() with { Shard = 99 }, 1);
        Assert.Equal(CommitOutcome.Fenced, Commits.Write(Store, commit));
        Assert.Contains("99", commit.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fenced_shard_drops_out_and_the_others_of_its_batch_go_on()
    {
        ShardLease[] leases = [Take(), Take(1), Take(2)];
        Store.TakeOver(1, "node-b");
        var commits = leases.Select(lease => Commits.For(lease, 1, $"shard {lease.Shard}")).ToArray();
        Commits.Finish(Commits.Start(Store, commits));
        Assert.Equal([CommitOutcome.Committed, CommitOutcome.Fenced, CommitOutcome.Committed], commits.Select(commit => commit.Outcome));
        Assert.Equal(["shard 0"], Commits.Segments(Store, 0));
        Assert.Empty(Commits.Segments(Store, 1));
        Assert.Equal(["shard 2"], Commits.Segments(Store, 2));
        Assert.Null(commits[2].Error);
    }

    [Fact]
    public void Two_batches_in_flight_are_written_in_order()
    {
        var lease = Take();
        var batches = Enumerable.Range(1, 50).Select(seq => Commits.Start(Store, Commits.For(lease, seq, $"{seq}"))).ToArray();
        foreach (var batch in batches) Commits.Finish(batch);
        Assert.All(batches, batch => Assert.Equal(CommitOutcome.Committed, batch.Shards[0].Outcome));
        Assert.Equal(Numbers(1, 50), Commits.Segments(Store, 0));
    }

    [Fact]
    public void After_a_commit_that_was_not_written_the_next_one_is_fenced()
    {
        var lease = Take();
        // The first has the wrong epoch: the second, right by itself, must not leave a gap.
        var first = Commits.Start(Store, Commits.For(lease with { Epoch = 99 }, 1));
        var second = Commits.Start(Store, Commits.For(lease, 2));
        Commits.Finish(first);
        Commits.Finish(second);
        Assert.Equal(CommitOutcome.Fenced, second.Shards[0].Outcome);
    }

    [Fact]
    public async Task Workers_that_commit_at_the_same_time_do_not_disturb_each_other()
    {
        ShardLease[] leases = [Take(), Take(1), Take(2), Take(3)];
        await Task.WhenAll(leases.Select(lease => Task.Run(() =>
        {
            for (var seq = 1; seq <= 100; seq++)
            {
                var commit = Commits.For(lease, seq, $"{seq}");
                commit.DropSegmentsBelow = seq - 9;
                commit.Kpis.Add(new KpiDelta(0, "commits", "", 1));
                Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
            }
        })));
        foreach (var lease in leases)
        {
            Assert.Equal(Numbers(91, 10), Commits.Segments(Store, lease.Shard));
            Assert.Equal(100, Assert.Single(ReadRows(lease.Shard).Kpis).Amount);
        }
    }

    [Fact]
    public void Segments_come_back_in_order_with_their_sizes_and_an_empty_one_is_not_written()
    {
        var lease = Take();
        foreach (var (seq, text) in new[] { (1, "one"), (2, ""), (3, "three") })
            Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, seq, text)));
        Assert.Equal(["one", "three"], Commits.Segments(Store, 0));
        Assert.Equal([new SegmentInfo(1, 3), new SegmentInfo(3, 5)], Store.TakeOver(0, "node-a").Segments);
    }

    [Fact]
    public void Dropping_segments_takes_those_below_and_no_others()
    {
        var lease = Take();
        var other = Take(1);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(other, 1, "other")));
        for (var seq = 1; seq <= 4; seq++) Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, seq, $"{seq}")));
        var drop = Commits.For(lease, 5, "5");
        drop.DropSegmentsBelow = 4;
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, drop));
        Assert.Equal(["4", "5"], Commits.Segments(Store, 0));
        Assert.Equal(["other"], Commits.Segments(Store, 1));
    }

    [Fact]
    public void The_worker_may_reuse_its_buffers_once_the_batch_is_done()
    {
        var lease = Take();
        var commit = Commits.For(lease, 1, "first");
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        commit.Reset();
        commit.CommitSeq = 2;
        "SECOND"u8.CopyTo(commit.Segment.GetSpan(6));
        commit.Segment.Advance(6);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        Assert.Equal(["first", "SECOND"], Commits.Segments(Store, 0));
    }

    [Fact]
    public void Looking_up_a_commit_says_where_the_shard_is_or_that_it_has_another_owner()
    {
        var lease = Take();
        Assert.Equal(0, Store.ResolveCommitSeq(0, lease.Epoch));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, 1)));
        Assert.Equal(1, Store.ResolveCommitSeq(0, lease.Epoch));
        Store.TakeOver(0, "node-b");
        Assert.Equal(-1, Store.ResolveCommitSeq(0, lease.Epoch));
        Assert.Equal(-1, Store.ResolveCommitSeq(99, 1));
    }

    [Fact]
    public void Everything_is_there_after_reopening()
    {
        var lease = Take();
        var commit = Commits.For(lease, 1, "state");
        commit.ActionSeq = 1;
        commit.Actions.Add(Commits.Action(1, "a1"));
        commit.Carts.Add(new CartRow("v1", 1, 1, "Carting", 1, "EUR", 1, 0, 1));
        commit.Kpis.Add(new KpiDelta(0, "carts_abandoned", "", 1));
        commit.DeadLetters.Add(new DeadLetterRow(5, "malformed", "properties.price", 12, 13));
        commit.Contacts.Add(new ContactRow("c1", "v1", "a@example.com", null, null, null, 1));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));

        Reopen().Provision("clicks", 4);
        Assert.Equal(["state"], Commits.Segments(Store, 0));
        Assert.Single(Store.ReadOutbox(0, 0, 10));
        var rows = ReadRows(0);
        Assert.Single(rows.Actions);
        Assert.Single(rows.Carts);
        Assert.Single(rows.Kpis);
        Assert.Equal([new DeadLetterRow(5, "malformed", "properties.price", 12, 13)], rows.DeadLetters);
        Assert.Single(rows.Contacts);
        // The lease was of a process that may still live: its epoch goes on counting until somebody takes over.
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, 2)));
    }

    [Fact]
    public void A_batch_without_shards_is_done_at_once_or_soon() => Commits.Finish(Commits.Start(Store));

    [Fact]
    public void Segments_may_be_large_and_of_any_bytes()
    {
        var lease = Take();
        var bytes = new byte[3_000_000];
        new Random(7).NextBytes(bytes);
        var commit = Commits.For(lease, 1);
        bytes.CopyTo(commit.Segment.GetSpan(bytes.Length));
        commit.Segment.Advance(bytes.Length);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        foreach (var segment in Store.ReadSegments(0)) Assert.True(segment.Span.SequenceEqual(bytes));
        Assert.Equal(bytes.LongLength, Assert.Single(Store.TakeOver(0, "node-b").Segments).Bytes);
    }
}
