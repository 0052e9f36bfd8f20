using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Memory;

namespace StreamEngine.Storage.Tests;

public sealed class MemoryShardStoreTests : ShardStoreContract
{
    private readonly MemoryShardStore _memory = new();

    protected override IShardStore Open() => _memory;

    protected override StoreRows ReadRows(int shard) =>
        new(_memory.Actions(shard), _memory.Carts(shard), _memory.Kpis(shard), _memory.DeadLetters(shard), [.. _memory.Contacts]);

    [Fact]
    public void A_store_that_keeps_nothing_still_knows_how_far_a_shard_is_and_who_owns_it()
    {
        using var store = new MemoryShardStore(keep: false);
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        var commit = Commits.For(lease, 1, "state");
        commit.Actions.Add(Commits.Action(1, "a1"));
        commit.Carts.Add(new CartRow("v1", 1, 1, "Carting", 1, "EUR", 1, 0, 1));
        commit.Kpis.Add(new KpiDelta(0, "carts_abandoned", "", 1));
        commit.Contacts.Add(new ContactRow("c1", "v1", "a@example.com", null, null, null, 1));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, commit));

        Assert.Empty(Commits.Segments(store, 0));
        Assert.Empty(store.Actions(0));
        Assert.Empty(store.Carts(0));
        Assert.Empty(store.Kpis(0));
        Assert.Empty(store.Contacts);
        Assert.Equal(10, store.TakeOver(0, "node-b").NextOffset);
        Assert.Equal(CommitOutcome.Fenced, Commits.Write(store, Commits.For(lease, 2)));
    }

    [Fact]
    public void A_batch_is_done_when_submit_returns()
    {
        _memory.Provision("clicks", 1);
        Assert.True(Commits.Start(_memory, Commits.For(_memory.TakeOver(0, "node-a"), 1)).IsDone);
    }
}
