using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests.Sqlite;

public sealed class HasCommitTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_has_a_commit_from_the_first_one_on_and_not_from_being_made_or_taken_over()
    {
        using (var store = _folder.Open())
        {
            store.Provision("clicks", 3);
            Assert.False(store.HasCommit());
            var lease = store.TakeOver(2, "node-a");
            Assert.False(store.HasCommit());
            Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 1)));
            Assert.True(store.HasCommit());
        }
        using var again = _folder.Open();
        Assert.True(again.HasCommit());
    }
}
