using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests;

/// <summary>What operators may do to a shard, and what stays whatever they do.</summary>
public abstract class RepairContract : ReadModelContract
{
    private static ShardRepair SkipTo(ShardRecord seen, long offset) => new(seen.Shard, seen.Epoch, RepairKind.SkipTo, offset, "ann", "retention was too short", 1_700_000_000_000);

    private static ShardRepair Forget(ShardRecord seen) => new(seen.Shard, seen.Epoch, RepairKind.Forget, -1, "bob", "the topic was made anew", 1_700_000_000_001);

    /// <summary>A shard with something of everything.</summary>
    private ShardLease Fill(int shard = 0)
    {
        var lease = Take(shard);
        var commit = Commits.For(lease, 1, "state");
        commit.NextOffset = 77;
        commit.LastRecordMs = 1_600_000_000_000;
        commit.ShardTimeMs = 1_600_000_000_500;
        commit.ActionSeq = 2;
        commit.PublishedSeq = 1;
        commit.Actions.Add(Commits.Action(1, $"a1 of {shard}"));
        commit.Actions.Add(Commits.Action(2, $"a2 of {shard}"));
        commit.Actions.Add(Commits.Action(0, $"held of {shard}", "HoldOut"));
        commit.Carts.Add(new CartRow("v1", 1, 1, "Carting", 1, "EUR", 1, 0, 1));
        commit.Kpis.Add(new KpiDelta(0, "carts_started", "", 1));
        commit.DeadLetters.Add(new DeadLetterRow(5, "malformed", null, 12, 13));
        commit.Contacts.Add(new ContactRow("c1", "v1", "a@example.com", null, null, null, 1));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        return lease;
    }

    [Fact]
    public void A_shard_is_shown_as_it_was_committed_and_showing_changes_nothing()
    {
        var lease = Fill();
        var seen = Store.ReadShard(0);
        Assert.Equal(new ShardRecord(0, "node-a", 1, seen.TakenMs, 1, 77, 1_600_000_000_000, 1_600_000_000_500, 2, 1, 1, 5, seen.Notes), seen);
        Assert.Empty(seen.Notes);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, 2)));
    }

    [Fact]
    public void A_shard_that_nobody_had_is_shown_without_an_owner()
    {
        Take();
        var seen = Store.ReadShard(3);
        Assert.Equal(("", 0, -1), (seen.Owner, seen.Epoch, seen.NextOffset));
        Assert.Contains("no shard 4", Assert.Throws<EngineFatalException>(() => Store.ReadShard(4)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(12)]
    [InlineData(-1)]
    public void Skipping_moves_the_offset_and_nothing_else(long offset)
    {
        Fill();
        var before = ReadRows(0);
        Store.Repair(SkipTo(Store.ReadShard(0), offset));
        var lease = Reopen().TakeOver(0, "node-b");
        // Its time of the last record is of another record now.
        Assert.Equal(new ShardLease(0, "node-b", 3, 1, offset, 1_600_000_000_500, 2, 1, lease.Segments), lease);
        Assert.Equal(["state"], Commits.Segments(Store, 0));
        Assert.Equivalent(before, ReadRows(0), strict: true);
    }

    [Fact]
    public void Forgetting_drops_sessions_and_what_names_offsets_and_keeps_every_action_and_their_numbering()
    {
        Fill();
        var before = ReadRows(0);
        Store.Repair(Forget(Store.ReadShard(0)));
        var lease = Reopen().TakeOver(0, "node-b");
        Assert.Equal(new ShardLease(0, "node-b", 3, 1, -1, 0, 2, 1, lease.Segments), lease);
        Assert.Empty(lease.Segments);
        Assert.Empty(Commits.Segments(Store, 0));
        Assert.Equal("a2 of 0", Assert.Single(Store.ReadOutbox(0, 1, 10)).Id);
        Assert.Equivalent(before with { Carts = [], DeadLetters = [] }, ReadRows(0), strict: true);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, 2, "anew")));
    }

    [Fact]
    public void A_repair_touches_no_other_shard()
    {
        var other = Fill(1);
        Fill();
        var before = ReadRows(1);
        Store.Repair(Forget(Store.ReadShard(0)));
        Assert.Equivalent(before, ReadRows(1), strict: true);
        Assert.Equal(["state"], Commits.Segments(Store, 1));
        Assert.Empty(Store.ReadShard(1).Notes);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(other, 2)));
    }

    [Fact]
    public void Whoever_had_the_shard_writes_nothing_after_a_repair()
    {
        var lease = Fill();
        Store.Repair(SkipTo(Store.ReadShard(0), 400));
        Assert.Equal(CommitOutcome.Fenced, Commits.Write(Store, Commits.For(lease, 2, "stale")));
        Assert.Equal(-1, Store.ResolveCommitSeq(0, lease.Epoch));
        Assert.Equal(("", 2, 400), (Store.ReadShard(0).Owner, Store.ReadShard(0).Epoch, Store.ReadShard(0).NextOffset));
    }

    [Fact]
    public void A_shard_that_was_taken_over_since_it_was_shown_is_left_alone()
    {
        Fill();
        var seen = Store.ReadShard(0);
        Store.TakeOver(0, "node-b");
        var error = Assert.Throws<EngineFatalException>(() => Store.Repair(Forget(seen)));
        Assert.Contains("shard 0 is not at epoch 1 any more but at 2 of 'node-b'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["state"], Commits.Segments(Store, 0));
        Assert.Empty(Store.ReadShard(0).Notes);
        Assert.Throws<EngineFatalException>(() => Store.Repair(Forget(seen) with { Shard = 9 }));
    }

    [Fact]
    public void Every_repair_is_noted_with_who_and_why_and_the_notes_outlive_the_process()
    {
        Fill();
        Store.Repair(SkipTo(Store.ReadShard(0), 400));
        Store.Repair(Forget(Store.ReadShard(0)));
        Assert.Equal(
            [
                new OperatorNote(1_700_000_000_000, "ann", RepairKind.SkipTo, 77, 400, "retention was too short"),
                new OperatorNote(1_700_000_000_001, "bob", RepairKind.Forget, 400, -1, "the topic was made anew"),
            ],
            Reopen().ReadShard(0).Notes);
    }
}
