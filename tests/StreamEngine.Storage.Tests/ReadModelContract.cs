using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests;

/// <summary>What every store keeps for people and for the outbox, in the same transaction as the shards.</summary>
public abstract class ReadModelContract : IDisposable
{
    private IShardStore? _store;

    protected IShardStore Store => _store ??= Open();

    /// <summary>A store over what the test has written so far.</summary>
    protected abstract IShardStore Open();

    protected abstract StoreRows ReadRows(int shard);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _store?.Dispose();

    protected IShardStore Reopen()
    {
        _store?.Dispose();
        return _store = Open();
    }

    protected ShardLease Take(int shard = 0, string owner = "node-a")
    {
        Store.Provision("clicks", 4);
        return Store.TakeOver(shard, owner);
    }

    [Fact]
    public void The_outbox_is_in_order_without_gaps_and_leaves_out_what_was_held()
    {
        var lease = Take();
        var commit = Commits.For(lease, 1);
        commit.ActionSeq = 3;
        commit.Actions.AddRange([Commits.Action(1, "a1"), Commits.Action(0, "h1", "HoldOut"), Commits.Action(2, "a2"), Commits.Action(3, "a3")]);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        var next = Commits.For(lease, 2);
        next.ActionSeq = 4;
        next.Actions.Add(Commits.Action(4, "a4"));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, next));

        Assert.Equal([1, 2, 3, 4], Store.ReadOutbox(0, 0, 10).Select(row => row.Seq));
        Assert.Equal([1, 2, 3, 4], Store.ReadOutbox(0, -1, 10).Select(row => row.Seq));
        Assert.Equal([3], Store.ReadOutbox(0, 2, 1).Select(row => row.Seq));
        Assert.Empty(Store.ReadOutbox(0, 4, 10));
        Assert.Empty(Store.ReadOutbox(1, 0, 10));
        Assert.Equal(["a1", "h1", "a2", "a3", "a4"], ReadRows(0).Actions.Select(row => row.Id.ToString()).ToArray());
    }

    [Fact]
    public void An_action_comes_back_as_it_was_written()
    {
        var lease = Take();
        var emitted = Commits.Action(1, "a1") with { Visitor = "münchen 🛒", Reason = "", Data = """{"a":[1,{"b":"\u00fc 🛒"}],"c":null}"""u8.ToArray() };
        var held = Commits.Action(0, "h1", "NoConsent") with { Variant = null, Data = default };
        var commit = Commits.For(lease, 1);
        commit.Actions.AddRange([emitted, held]);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        Reopen();

        var rows = ReadRows(0).Actions;
        Assert.Equal(emitted with { Data = rows[0].Data }, rows[0]);
        Assert.Equal(emitted.Data.ToArray(), rows[0].Data.ToArray());
        Assert.Equal(held with { Data = rows[1].Data }, rows[1]);
        Assert.Equal(0, rows[1].Data.Length);
        Assert.Equal(emitted.Data.ToArray(), Assert.Single(Store.ReadOutbox(0, 0, 10)).Data.ToArray());
    }

    [Fact]
    public void A_dead_letter_that_is_written_again_changes_nothing()
    {
        var lease = Take();
        for (var seq = 1; seq <= 2; seq++)
        {
            var commit = Commits.For(lease, seq);
            commit.DeadLetters.Add(new DeadLetterRow(41, $"reason-{seq}", null, 7, 8));
            Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        }
        Assert.Equal("reason-1", Assert.Single(ReadRows(0).DeadLetters).Reason);
    }

    [Fact]
    public void An_action_that_is_decided_again_is_another_row_with_the_id_it_had()
    {
        var lease = Take();
        var first = Commits.For(lease, 1, "first");
        first.ActionSeq = 2;
        first.Actions.AddRange([Commits.Action(1, "a1"), Commits.Action(2, "a2")]);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, first));

        var again = Commits.For(lease, 2, "again");
        again.ActionSeq = 4;
        again.Actions.AddRange([Commits.Action(3, "a2"), Commits.Action(4, "a3")]);
        again.Kpis.Add(new KpiDelta(0, "orders", "", 1));
        var beside = Commits.For(Take(1), 1, "beside");
        beside.ActionSeq = 1;
        beside.Actions.Add(Commits.Action(1, "b1"));
        var stale = Commits.For(Take(2), 7, "stale");
        Commits.Finish(Commits.Start(Store, again, beside, stale));

        Assert.Equal(
            (CommitOutcome.Committed, CommitOutcome.Committed, CommitOutcome.Fenced), (again.Outcome, beside.Outcome, stale.Outcome));
        Assert.Equal([(1, "a1"), (2, "a2"), (3, "a2"), (4, "a3")], ReadRows(0).Actions.Select(static row => ((int)row.Seq, row.Id)));
        Assert.Equal([3, 4], Store.ReadOutbox(0, 2, 10).Select(static row => row.Seq));
        Assert.Equal(1, Assert.Single(ReadRows(0).Kpis).Amount);
        Assert.Equal(["first", "again"], Commits.Segments(Store, 0));
        Assert.Equal("b1", Assert.Single(ReadRows(1).Actions).Id);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, Commits.For(lease, 3)));
    }

    [Fact]
    public void A_commit_may_hold_any_number_of_actions_and_the_outbox_is_read_page_by_page()
    {
        const int Count = 3_000;
        var lease = Take();
        var commit = Commits.For(lease, 1);
        // Some 4 MB: several blocks of the store.
        var document = System.Text.Encoding.UTF8.GetBytes("\"" + new string('x', 1_300) + "\"");
        for (var i = 1; i <= Count; i++)
        {
            commit.Actions.Add(Commits.Action(i, $"a{i}") with { Data = document });
            commit.Actions.Add(Commits.Action(0, $"h{i}", "HoldOut"));
            commit.Carts.Add(new CartRow($"v{i}", 1, 1, "Carting", i, "EUR", 1, 0, 10));
        }
        commit.ActionSeq = Count;
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        var small = Enumerable.Range(1, 40).Select(i =>
        {
            var next = Commits.For(lease, 1 + i);
            next.ActionSeq = Count + i;
            next.Actions.Add(Commits.Action(Count + i, $"a{Count + i}"));
            return next;
        });
        foreach (var next in small) Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, next));
        Reopen();

        var seqs = new List<long>();
        for (var page = Store.ReadOutbox(0, 0, 1_000); page.Count > 0; page = Store.ReadOutbox(0, seqs[^1], 1_000))
        {
            Assert.InRange(page.Count, 1, 1_000);
            Assert.All(page, static row => Assert.Equal($"a{row.Seq}", row.Id.ToString()));
            seqs.AddRange(page.Select(static row => row.Seq));
        }
        Assert.Equal(Enumerable.Range(1, Count + 40).Select(static seq => (long)seq), seqs);
        var rows = ReadRows(0);
        Assert.Equal(2 * Count + 40, rows.Actions.Count);
        Assert.Equal(Count, rows.Carts.Count);
    }

    [Fact]
    public void A_visitor_may_have_any_characters_in_his_id()
    {
        const string Visitor = "a\0b\u241B0\\'\uFFFD\U0001F6D2";
        var commit = Commits.For(Take(), 1);
        commit.Actions.Add(Commits.Action(1, "a1") with { Visitor = Visitor });
        commit.Carts.Add(new CartRow(Visitor, 1, 1, "Carting", 1, "EUR", 1, 0, 1));
        commit.Carts.Add(new CartRow("a\u241B0b\u241B0\\'\uFFFD\U0001F6D2", 1, 1, "Carting", 2, "EUR", 1, 0, 1));
        commit.DeadLetters.Add(new DeadLetterRow(7, "reason", "\0", 1, 1));
        commit.Contacts.Add(new ContactRow("c\0", Visitor, "\0@example.com", null, null, null, 1));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        Assert.Equal(Visitor, Assert.Single(Store.ReadOutbox(0, 0, 10)).Visitor);
        var rows = ReadRows(0);
        Assert.Equal(1, Assert.Single(rows.Carts, static row => row.Visitor == Visitor).ValueMinor);
        Assert.Equal(2, rows.Carts.Count);
        Assert.Equal("\0", Assert.Single(rows.DeadLetters).Field);
        Assert.Equal(("c\0", Visitor, "\0@example.com"), (rows.Contacts[0].Ref, rows.Contacts[0].Visitor, rows.Contacts[0].Email));
    }

    [Fact]
    public void The_same_action_id_in_two_shards_is_two_actions()
    {
        ShardCommit[] commits = [Commits.For(Take(), 1), Commits.For(Take(1), 1)];
        foreach (var commit in commits) commit.Actions.Add(Commits.Action(1, "a1"));
        Commits.Finish(Commits.Start(Store, commits));
        Assert.Single(ReadRows(0).Actions);
        Assert.Single(ReadRows(1).Actions);
    }

    [Fact]
    public void The_newest_cart_of_a_session_replaces_the_one_before()
    {
        var lease = Take();
        var commit = Commits.For(lease, 1);
        commit.Carts.Add(new CartRow("v1", 1, 1, "Carting", 1_000, "EUR", 1, 0, 10));
        commit.Carts.Add(new CartRow("v2", 1, 1, "Carting", 500, "EUR", 1, 0, 10));
        commit.Carts.Add(new CartRow("v1", 1, 1, "Abandoned", 2_000, "EUR", 2, 20, 20));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        var next = Commits.For(lease, 2);
        next.Carts.Add(new CartRow("v2", 1, 2, "Purchased", 700, "USD", 3, 0, 30));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, next));
        Assert.Equal(
            [new CartRow("v1", 1, 1, "Abandoned", 2_000, "EUR", 2, 20, 20), new CartRow("v2", 1, 2, "Purchased", 700, "USD", 3, 0, 30)],
            ReadRows(0).Carts);
    }

    [Fact]
    public void A_visitor_who_was_forgotten_and_comes_back_has_a_second_cart()
    {
        var commit = Commits.For(Take(), 1);
        CartRow[] rows = [new("v1", 1_000, 1, "Lapsed", 1_000, "EUR", 1, 20, 30), new("v1", 9_000, 1, "Carting", 500, "EUR", 1, 0, 9_500)];
        commit.Carts.AddRange(rows);
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        Assert.Equal(rows, ReadRows(0).Carts);
    }

    [Fact]
    public void Figures_add_up_by_hour_metric_and_currency()
    {
        var lease = Take();
        for (var seq = 1; seq <= 3; seq++)
        {
            var commit = Commits.For(lease, seq);
            commit.Kpis.Add(new KpiDelta(0, "value_recovered", "EUR", 100));
            commit.Kpis.Add(new KpiDelta(0, "value_recovered", "EUR", -1));
            commit.Kpis.Add(new KpiDelta(0, "value_recovered", "USD", 5));
            commit.Kpis.Add(new KpiDelta(3_600_000, "value_recovered", "EUR", seq));
            commit.Kpis.Add(new KpiDelta(0, "carts_abandoned", "", 1));
            Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        }
        Assert.Equal(
            [
                new KpiDelta(0, "carts_abandoned", "", 3), new KpiDelta(0, "value_recovered", "EUR", 297),
                new KpiDelta(0, "value_recovered", "USD", 15), new KpiDelta(3_600_000, "value_recovered", "EUR", 6),
            ],
            ReadRows(0).Kpis);
    }

    [Fact]
    public void A_contact_keeps_what_a_null_leaves_and_takes_what_is_said()
    {
        var lease = Take();
        var commit = Commits.For(lease, 1);
        commit.Contacts.Add(new ContactRow("c1", "v1", "a@example.com", null, "de", null, 10));
        commit.Contacts.Add(new ContactRow("c1", "v1", null, "+49 1", null, "Europe/Berlin", 20));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, commit));
        var next = Commits.For(lease, 2);
        next.Contacts.Add(new ContactRow("c1", "v1b", "b@example.com", null, null, null, 30));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(Store, next));
        Assert.Equal([new ContactRow("c1", "v1b", "b@example.com", "+49 1", "de", "Europe/Berlin", 30)], ReadRows(0).Contacts);
    }
}
