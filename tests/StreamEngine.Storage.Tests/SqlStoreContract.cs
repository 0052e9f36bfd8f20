using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests;

/// <summary>What holds of a store in tables: what they refuse, and what operators may do to them by SQL, as docs/operations.md says.</summary>
public abstract class SqlStoreContract : ShardStoreContract
{
    /// <summary>The time in the page's statement.</summary>
    private const long Old = 1_767_225_600_000;

    /// <summary>As an operator would, beside the store.</summary>
    protected abstract void Execute(string sql);

    /// <summary>The first row of what a person asks beside the store, its columns as text.</summary>
    protected abstract string[] Ask(string sql);

    [Fact]
    public void The_statement_of_the_page_deletes_old_decisions_but_none_that_waits_for_the_broker()
    {
        var lease = Take();
        Decide(lease, 1, published: 0, Decided(1, "old", Old - 1), Decided(0, "old-held", Old - 1, "HoldOut"));
        Decide(lease, 2, published: 0, Decided(2, "young", Old), Decided(0, "old-beside-a-young-one", Old - 1, "HoldOut"));
        Decide(lease, 3, published: 2, Decided(3, "old-waits", Old - 1));
        Decide(lease, 4, published: 2, Decided(4, "young-waits", Old));
        Decide(lease, 5, published: 2, Decided(0, "old-held-alone", Old - 1, "HoldOut"));
        Decide(lease, 6, published: 2, Decided(0, "young-held", Old, "HoldOut"));
        Decide(Take(1), 1, published: 0, Decided(1, "waits-elsewhere", Old - 1));

        Execute(StatementOfThePage());

        Assert.Equal(
            "old-beside-a-young-one, old-waits, young, young-held, young-waits",
            string.Join(", ", ReadRows(0).Actions.Select(static row => row.Id.ToString()).Order(StringComparer.Ordinal)));
        Assert.Equal("waits-elsewhere", Assert.Single(ReadRows(1).Actions).Id.ToString());
        // The shard goes on.
        Decide(lease, 7, published: 2, Decided(5, "next", Old));
        Assert.Equal([3, 4, 5], Store.ReadOutbox(0, 2, 10).Select(static row => row.Seq));
    }

    [Fact]
    public void Whoever_asks_in_SQL_finds_decisions_and_carts_row_by_row()
    {
        var commit = Commits.For(Take(), 1);
        commit.ActionSeq = 1;
        commit.Actions.AddRange([Commits.Action(0, "h1", "HoldOut"), Commits.Action(1, "a1") with { Visitor = "a\0b", Variant = null }]);
        commit.Carts.AddRange([new CartRow("v1", 7, 1, "Carting", 500, "EUR", 1, 0, 10), new CartRow("v1", 7, 1, "Abandoned", 700, "EUR", 2, 20, 20)]);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));

        Assert.Equal(
            ["0", "1", "a1", "a\u241B0b", "2", "email-1h", "Email", "", "", "You left a cart; worth 120.00", "1", "2", "3", "4", """{"id":"a1"}""", "1", "1"],
            Ask("""
                SELECT shard, seq, id, visitor, episode, tactic, kind, variant, held, reason, due_ms, not_before_ms, expires_ms, decided_ms, data, commit_seq, place
                FROM action WHERE held IS NULL
                """));
        Assert.Equal(["h1", "HoldOut"], Ask("SELECT id, held FROM action WHERE seq = 0 AND variant = 'B'"));
        Assert.Equal(
            ["0", "7", "v1", "1", "Abandoned", "700", "EUR", "2", "20", "20", "1", "1"],
            Ask("SELECT shard, started_ms, visitor, episode, phase, value_minor, currency, line_count, abandoned_ms, updated_ms, commit_seq, place FROM cart ORDER BY place DESC"));
        Assert.Equal(["1200"], Ask("SELECT sum(value_minor) FROM cart"));
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

    private void Decide(ShardLease lease, long seq, long published, params ReadOnlySpan<ActionRow> rows)
    {
        var commit = Commits.For(lease, seq);
        commit.Actions.AddRange(rows);
        commit.ActionSeq = ReadRows(lease.Shard).Actions.Concat(commit.Actions).Max(static row => row.Seq);
        commit.PublishedSeq = published;
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
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
