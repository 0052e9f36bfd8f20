using System.Globalization;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class WorkerStatsTests
{
    private readonly WorkerStats _stats = new();

    [Fact]
    public void Decisions_are_counted_by_tactic_and_by_the_reason_that_held_them()
    {
        Commit(Row(1, "email-1h", "email"), Row(2, "email-1h", "email"), Row(3, "email-1h", "email", held: "HoldOut"));
        Commit(Row(4, "email-1h", "email", held: "HoldOut"));
        Assert.Equal([("email-1h", 2), ("email-1h (held: HoldOut)", 2)], Counts());
    }

    [Fact]
    public void Cancellations_have_one_count_and_not_one_for_every_action_that_was_cancelled()
    {
        for (var i = 0; i < 100; i++)
        {
            Commit(Row(i, $"action_cancelled:{i}", "action_cancelled"));
        }
        Assert.Equal([("action_cancelled", 100)], Counts());
    }

    [Fact]
    public void The_latest_emitted_actions_stay_as_they_were_when_their_commits_are_used_again()
    {
        for (var i = 0; i < 10; i++)
        {
            Commit([.. Enumerable.Range(i * 20, 20).Select(static n => Row(n, "email-1h", "email", held: n % 2 == 0 ? null : "HoldOut"))]);
        }
        var emitted = Enumerable.Range(0, 200).Where(static n => n % 2 == 0).TakeLast(64).Select(static n => $"{n} because of {n}");
        Assert.Equal(emitted, _stats.RecentActions.Select(static row => $"{row.Id} {row.Reason}"), StringComparer.Ordinal);
    }

    private void Commit(params ReadOnlySpan<ActionRow> rows)
    {
        var commit = new ShardCommit();
        foreach (var row in rows)
        {
            commit.Actions.Add(row with { Id = commit.Texts.Add(row.Id.Bytes.Span), Reason = commit.Texts.Add(row.Reason.Bytes.Span) });
        }
        _stats.Add(commit);
        commit.Reset();
        commit.Texts.Take(10_000).Span.Fill((byte)'x');
    }

    private IEnumerable<(string, int)> Counts() => _stats.Actions.Select(static count => (count.Key, (int)count.Value)).Order();

    private static ActionRow Row(int number, string tactic, string kind, string? held = null)
    {
        var id = number.ToString(CultureInfo.InvariantCulture);
        return new(1, id, "ann", 1, tactic, kind, null, held, $"because of {id}", 0, 0, 0, 0, default);
    }
}
