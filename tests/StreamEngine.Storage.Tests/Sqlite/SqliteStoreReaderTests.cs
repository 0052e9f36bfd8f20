using Microsoft.Data.Sqlite;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Storage.Tests.Sqlite;

public sealed class SqliteStoreReaderTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_summary_counts_what_a_running_host_has_committed()
    {
        using var store = _folder.Open();
        store.Provision("clicks", 2);
        var lease = store.TakeOver(1, "node-a");
        var commit = Commits.For(lease, 1, "state");
        commit.ActionSeq = 2;
        commit.PublishedSeq = 1;
        commit.Actions.AddRange([Commits.Action(1, "a1"), Commits.Action(2, "a2"), Commits.Action(0, "h1", "HoldOut")]);
        commit.Carts.AddRange([new CartRow("v1", 1, 1, "Abandoned", 5, "EUR", 1, 3, 3), new CartRow("v2", 1, 1, "Carting", 5, "EUR", 1, 0, 3)]);
        commit.Kpis.AddRange([new KpiDelta(0, "value_recovered", "EUR", 5), new KpiDelta(3_600_000, "value_recovered", "EUR", 6)]);
        commit.DeadLetters.Add(new DeadLetterRow(3, "malformed", null, 1, 1));
        commit.Contacts.Add(new ContactRow("c1", "v1", "a@example.com", null, null, null, 1));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, commit));

        using var reader = SqliteStoreReader.Open(_folder.File);
        var summary = reader.ReadSummary();
        Assert.Equal(_folder.File, summary.Path);
        Assert.Equal(SqliteSchema.Newest, summary.SchemaVersion);
        Assert.Equal("clicks", summary.Topic);
        Assert.Equal(
            [new ShardSummary(0, 0, "", 0, -1, 0, 0, 0, 0, 0), new ShardSummary(1, 1, "node-a", 1, 10, 1_000, 2, 1, 1, 5)], summary.Shards);
        Assert.Equal([new Tally("Abandoned", 1), new Tally("Carting", 1)], summary.CartsByPhase);
        Assert.Equal([new ActionTally("email-1h", "Email", null, 2), new ActionTally("email-1h", "Email", "HoldOut", 1)], summary.Actions);
        Assert.Equal([new Tally("malformed", 1)], summary.DeadLettersByReason);
        Assert.Equal([new KpiSum("value_recovered", "EUR", 11)], summary.Kpis);
        Assert.Equal(1, summary.Contacts);
        Assert.InRange(summary.FileBytes, 8_192, 1_000_000);

        // Reading has not got into the host's way, and sees what comes next.
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, 2)));
        Assert.Equal(2, reader.ReadSummary().Shards[1].CommitSeq);
    }

    [Fact]
    public void Decisions_are_counted_as_the_view_has_them()
    {
        using var store = _folder.Open();
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        for (var seq = 1; seq <= 3; seq++)
        {
            var commit = Commits.For(lease, seq);
            commit.ActionSeq = 2 * seq;
            commit.Actions.AddRange(
            [
                Commits.Action(2 * seq - 1, $"first {seq}"),
                Commits.Action(0, $"[held] {seq}", "HoldOut"),
                Commits.Action(2 * seq, $"schön {seq}") with { Tactic = "väter\\\"tag\"", Kind = seq == 3 ? "sms" : "email", Variant = null },
                Commits.Action(0, $"{{x}} {seq}", seq == 1 ? "LimitPerCart" : "HoldOut") with { Reason = "], [\"" },
            ]);
            Assert.Equal(CommitOutcome.Committed, Commits.Write(store, commit));
        }
        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand("SELECT tactic, kind, held, count(*) FROM action GROUP BY 1, 2, 3 ORDER BY 1, 2, 3", connection);
        using var rows = command.ExecuteReader();
        List<ActionTally> expected = [];
        while (rows.Read()) expected.Add(new ActionTally(rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetInt64(3)));
        using var reader = SqliteStoreReader.Open(_folder.File);
        Assert.Equal(5, expected.Count);
        Assert.Equal(expected, reader.ReadSummary().Actions);
    }

    [Fact]
    public void A_store_without_a_host_can_be_read_and_started_again()
    {
        using (var store = _folder.Open()) store.Provision("clicks", 1);
        using (var reader = SqliteStoreReader.Open(_folder.File)) Assert.Single(reader.ReadSummary().Shards);
        using var again = _folder.Open();
        Assert.Equal(1, again.TakeOver(0, "node-a").Epoch);
    }

    [Fact]
    public void A_host_that_starts_beside_a_reader_is_not_disturbed()
    {
        using (var store = _folder.Open()) store.Provision("clicks", 1);
        using var reader = SqliteStoreReader.Open(_folder.File);
        using var again = _folder.Open();
        Assert.Equal(CommitOutcome.Committed, Commits.Write(again, Commits.For(again.TakeOver(0, "node-a"), 1)));
        Assert.Equal(1, reader.ReadSummary().Shards[0].CommitSeq);
    }

    [Fact]
    public void An_enumeration_sees_one_state_while_commits_go_on()
    {
        using var store = _folder.Open();
        store.Provision("clicks", 1);
        var lease = store.TakeOver(0, "node-a");
        for (var seq = 1; seq <= 3; seq++) Assert.Equal(CommitOutcome.Committed, Commits.Write(store, Commits.For(lease, seq, $"{seq}")));
        var seen = 0;
        foreach (var segment in store.ReadSegments(0))
        {
            seen++;
            var next = Commits.For(lease, 3 + seen, "new");
            next.DropSegmentsBelow = 3 + seen;
            Assert.Equal(CommitOutcome.Committed, Commits.Write(store, next));
            Assert.Equal(1, segment.Length);
        }
        Assert.Equal(3, seen);
        Assert.Equal(["new"], Commits.Segments(store, 0));
    }

    [Fact]
    public void A_missing_store_is_named_and_not_made()
    {
        var error = Assert.Throws<EngineFatalException>(() => SqliteStoreReader.Open(_folder.File));
        Assert.Contains(_folder.File, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File));
    }
}
