using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests;

/// <summary>What holds of a store in tables: what they refuse, and what operators may do to them by SQL, as docs/operations.md says.</summary>
public abstract class SqlStoreContract : ShardStoreContract
{
    /// <summary>The time in the page's statement.</summary>
    private const long Old = 1_767_225_600_000;

    /// <summary>As an operator would, beside the store.</summary>
    protected abstract void Execute(string sql);

    [Fact]
    public void The_statement_of_the_page_deletes_old_decisions_but_none_that_waits_for_the_broker()
    {
        var lease = Take();
        var commit = Commits.For(lease, 1);
        (commit.ActionSeq, commit.PublishedSeq) = (4, 2);
        commit.Actions.AddRange(
            Decided(1, "old", Old - 1), Decided(2, "young", Old), Decided(3, "old-waits", Old - 1), Decided(4, "young-waits", Old),
            Decided(0, "old-held", Old - 1, "HoldOut"), Decided(0, "young-held", Old, "HoldOut"));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        var other = Commits.For(Take(1), 1);
        other.ActionSeq = 1;
        other.Actions.Add(Decided(1, "waits-elsewhere", Old - 1));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, other));

        Execute(StatementOfThePage());

        Assert.Equal("old-waits, young, young-held, young-waits", string.Join(", ", ReadRows(0).Actions.Select(static row => row.Id.ToString()).Order(StringComparer.Ordinal)));
        Assert.Equal("waits-elsewhere", Assert.Single(ReadRows(1).Actions).Id.ToString());
        // The shard goes on.
        var next = Commits.For(lease, 2);
        (next.ActionSeq, next.PublishedSeq) = (5, 2);
        next.Actions.Add(Decided(5, "next", Old));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, next));
        Assert.Equal([3, 4, 5], Store.ReadOutbox(0, 2, 10).Select(static row => row.Seq));
    }

    [Fact]
    public void A_second_action_in_one_place_of_the_outbox_is_refused_with_its_whole_commit()
    {
        var lease = Take();
        var commit = Commits.For(lease, 1);
        commit.ActionSeq = 1;
        commit.Actions.Add(Commits.Action(1, "a1"));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));

        var wrong = Commits.For(lease, 2, "never");
        wrong.ActionSeq = 2;
        wrong.Actions.AddRange([Commits.Action(1, "a2"), Commits.Action(2, "a3")]);
        Assert.Equal(CommitOutcome.Failed, Commits.Write(Store, wrong));

        Assert.Equal("a1", Assert.Single(ReadRows(0).Actions).Id.ToString());
        Assert.Empty(Commits.Segments(Store, 0));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, 2)));
    }

    private static ActionRow Decided(long seq, string id, long atMs, string? held = null) => Commits.Action(seq, id, held) with { DecidedMs = atMs };

    private static string StatementOfThePage()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "StreamEngine.sln"))) folder = folder.Parent;
        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "operations.md"));
        return Assert.Single(page.Split("```sql\n")[1..]).Split("```")[0];
    }
}
