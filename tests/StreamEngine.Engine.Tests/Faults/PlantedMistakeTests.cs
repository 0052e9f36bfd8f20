using StreamEngine.Engine.Tests.Faults.Checks;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>The checkers can fail: each mistake is planted in the history of a sound run with a crash in the middle, and is named.</summary>
public sealed class PlantedMistakeTests
{
    private static readonly Sweep Afternoon = new(Stories.Afternoon);
    private static readonly History Sound = SoundHistory();

    private static History SoundHistory()
    {
        using var run = Afternoon.Run(new Fault(FaultKind.Crash, Afternoon.Contacts / 2), new Fault(FaultKind.SendsFail, 44, 0, 1));
        return History.Of(run);
    }

    [Fact]
    public void A_sound_history_has_no_complaints() => Assert.Empty(All.Complaints(Sound, Afternoon.Expected).Concat(LatenessCheck.Complaints(Sound)));

    [Fact]
    public void A_record_that_was_never_read() => Assert.Contains("steps over offset 17", Said(Without<ReadEntry>(read => read.Offset == 17)), StringComparison.Ordinal);

    [Fact]
    public void A_record_that_was_read_before_the_take_over_only()
    {
        var journal = Sound.Journal.ToList();
        var taken = journal.FindLastIndex(entry => entry is TakenOverEntry);
        // Behind the one that is only looked at.
        var read = journal.FindIndex(taken, entry => entry is ReadEntry one && one.Offset >= ((TakenOverEntry)journal[taken]).NextOffset);
        (journal[taken], journal[read]) = (journal[read], journal[taken]);
        Assert.Contains("which was not read in epoch 2", Said(Sound with { Journal = journal }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_offset_that_goes_back() =>
        Assert.Contains("goes back", Said(With<CommitEntry>(commit => commit.Seq == 40, commit => commit with { NextOffset = 1 })), StringComparison.Ordinal);

    [Fact]
    public void A_commit_that_is_missing() =>
        Assert.Contains("Commit 41 was written after commit 39", Said(Without<CommitEntry>(commit => commit.Seq == 40)), StringComparison.Ordinal);

    [Fact]
    public void A_commit_of_the_owner_before() => Assert.Contains(
        "was written under epoch 1; the owner's is 2", Said(With<CommitEntry>(commit => commit.Epoch == 2, commit => commit with { Epoch = 1 })), StringComparison.Ordinal);

    [Fact]
    public void A_take_over_at_another_offset_than_was_committed() => Assert.Contains(
        "Epoch 2 goes on at offset", Said(With<TakenOverEntry>(taken => taken.Epoch == 2, taken => taken with { NextOffset = taken.NextOffset + 1 })), StringComparison.Ordinal);

    [Fact]
    public void An_end_of_the_topic_that_was_not_reached() => Assert.Contains(
        "the topic ends at", Said(Sound with { TopicOffsets = [.. Sound.TopicOffsets, Sound.TopicOffsets[^1] + 1] }), StringComparison.Ordinal);

    [Fact]
    public void A_deadline_that_fires_early_in_shard_time() => Assert.Contains("decided early", Said(WithRow(row => row with { DueMs = row.DecidedMs + 1 })), StringComparison.Ordinal);

    [Fact]
    public void A_deadline_that_fires_early_by_the_clock() => Assert.Contains(
        "decided early", Said(WithRow(row => row with { DueMs = row.DueMs + 60_000, DecidedMs = row.DecidedMs + 60_000 })), StringComparison.Ordinal);

    [Fact]
    public void A_decision_that_is_newer_than_its_commit() =>
        Assert.Contains("after the shard time", Said(WithRow(row => row with { DecidedMs = row.DecidedMs + 1 })), StringComparison.Ordinal);

    [Fact]
    public void A_deadline_that_fires_twice() =>
        Assert.Contains("was committed twice", Said(With<CommitEntry>(commit => commit.Actions.Count > 0, commit => commit with { Actions = [.. commit.Actions, commit.Actions[0]] })), StringComparison.Ordinal);

    [Fact]
    public void A_deadline_that_fires_twice_under_another_id() => Assert.Contains(
        "twice under different ids",
        Said(With<CommitEntry>(commit => commit.Actions.Count > 0, commit => commit with { Actions = [.. commit.Actions, commit.Actions[0] with { Id = "another" }] })),
        StringComparison.Ordinal);

    [Fact]
    public void Two_actions_that_change_places() => Assert.Contains(
        "Action 8 arrived before action 7", Said(With<ArrivedEntry>(action => action.IsAction && action.Ticket is 7 or 8, action => action with { Ticket = 15 - action.Ticket })), StringComparison.Ordinal);

    [Fact]
    public void An_action_that_never_arrives() => Assert.Contains(
        "33 actions were committed and 32 arrived", Said(Without<ArrivedEntry>(action => action.IsAction && action.Ticket == 33)), StringComparison.Ordinal);

    [Fact]
    public void A_gap_in_the_sequence_of_actions() =>
        Assert.Contains("was committed as number", Said(WithRow(row => row with { Seq = row.Seq + 1 })), StringComparison.Ordinal);

    [Fact]
    public void An_action_that_arrives_before_its_commit()
    {
        var journal = Sound.Journal.ToList();
        var action = journal.FindIndex(entry => entry is ArrivedEntry { IsAction: true });
        journal.Insert(0, journal[action]);
        Assert.Contains("but is committed as nothing", Said(Sound with { Journal = journal }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_that_arrives_under_another_id() => Assert.Contains(
        "arrived as another", Said(With<ArrivedEntry>(action => action.IsAction && action.Ticket == 9, action => action with { Id = "another" })), StringComparison.Ordinal);

    [Fact]
    public void An_action_that_is_repeated_under_another_id()
    {
        var journal = Sound.Journal.ToList();
        journal.Add(journal.OfType<ArrivedEntry>().First(action => action.IsAction) with { Id = "another" });
        Assert.Contains("and again as another", Said(Sound with { Journal = journal }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_that_overtakes_a_refused_one_although_the_engine_had_heard_of_it()
    {
        var journal = Sound.Journal.ToList();
        var told = journal.FindIndex(entry => entry is ToldRefusalEntry);
        var overtaking = journal.FindIndex(entry => entry is ArrivedEntry { IsAction: true } action && action.Ticket > ((ToldRefusalEntry)journal[told]).Ticket);
        Assert.True(overtaking < told, "No action was under way behind the refused one.");
        journal.Insert(told, journal[overtaking]);
        (journal[told], journal[told + 1]) = (journal[told + 1], journal[told]);
        journal.RemoveAt(overtaking);
        Assert.Contains("arrived before action", Said(Sound with { Journal = journal }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_record_that_is_in_no_topic() =>
        Assert.Contains("which is not in the dead letters", Said(Without<ArrivedEntry>(letter => !letter.IsAction && letter.Ticket == 11)), StringComparison.Ordinal);

    [Fact]
    public void A_third_commit_under_way() => Assert.Contains("3 commits were under way", Said(WithSample(sample => sample with { Held = 3 })), StringComparison.Ordinal);

    [Fact]
    public void A_session_that_stays_in_memory() => Assert.Contains("10 sessions of 9 visitors", Said(WithSample(sample => sample with { Sessions = 10 })), StringComparison.Ordinal);

    [Fact]
    public void An_outbox_that_grows() =>
        Assert.Contains("committed actions waited", Said(Without<ArrivedEntry>(action => action.IsAction) with { Engine = Sound.Engine with { OutboxItemsMax = 5, OutboxStoredMax = 5 } }), StringComparison.Ordinal);

    [Fact]
    public void Anything_in_the_result_that_is_missing_added_or_out_of_order()
    {
        var result = Sound.Result;
        (Func<StoryResult, IReadOnlyList<string>?> Of, Func<IReadOnlyList<string>, StoryResult> With)[] sections =
        [
            (r => r.Decisions, lines => result with { Decisions = lines }),
            (r => r.Published, lines => result with { Published = lines }),
            (r => r.Sessions, lines => result with { Sessions = lines }),
            (r => r.Carts, lines => result with { Carts = lines }),
            (r => r.Kpis, lines => result with { Kpis = lines }),
            (r => r.DeadLetters, lines => result with { DeadLetters = lines }),
        ];
        foreach (var (of, with) in sections)
        {
            var lines = of(result)!;
            Assert.True(lines.Count > 2);
            Assert.Single(EqualCheck.Complaints(result, with([.. lines.Skip(1)])));
            Assert.Single(EqualCheck.Complaints(result, with([.. lines, "one more"])));
            Assert.Single(EqualCheck.Complaints(result, with([lines[1], lines[0], .. lines.Skip(2)])));
            Assert.Single(EqualCheck.Complaints(result, with([lines[0], .. lines])));
            Assert.Equal(2, EqualCheck.Complaints(result, with([lines[0] + "x", .. lines.Skip(1)])).Count());
        }
        Assert.Single(EqualCheck.Complaints(result, result with { NextOffset = 3 }));
    }

    [Fact]
    public void A_prompt_that_goes_out_too_late() => Assert.Contains(
        "was of use until", string.Join('\n', LatenessCheck.Complaints(WithRow(row => row with { ExpiresMs = row.DueMs - 1 }))), StringComparison.Ordinal);

    [Fact]
    public void A_prompt_that_is_held_back_as_expired_in_time() => Assert.Contains(
        "though of use until", string.Join('\n', LatenessCheck.Complaints(WithRow(row => row with { ExpiresMs = row.DueMs + 1, Held = "Expired" }))), StringComparison.Ordinal);

    private static string Said(History history) => string.Join('\n', All.Complaints(history));

    private static History Without<T>(Func<T, bool> which)
        where T : JournalEntry
    {
        List<JournalEntry> journal = [.. Sound.Journal.Where(entry => entry is not T t || !which(t))];
        Assert.True(journal.Count < Sound.Journal.Count, "There was nothing to leave out.");
        return Sound with { Journal = journal };
    }

    private static History With<T>(Func<T, bool> which, Func<T, T> change)
        where T : JournalEntry
    {
        Assert.Contains(Sound.Journal, entry => entry is T t && which(t));
        return Sound with { Journal = [.. Sound.Journal.Select(entry => entry is T t && which(t) ? change(t) : entry)] };
    }

    /// <summary>Changes the first action that is sent.</summary>
    private static History WithRow(Func<Stores.ActionRow, Stores.ActionRow> change)
    {
        var seq = Sound.Journal.OfType<CommitEntry>().First(commit => commit.IsWritten && commit.Actions.Any(row => row.Held is null)).Seq;
        return With<CommitEntry>(
            commit => commit.Seq == seq && commit.IsWritten,
            commit => commit with { Actions = [.. commit.Actions.Select((row, i) => i == 0 ? change(row) : row)] });
    }

    private static History WithSample(Func<BoundsSample, BoundsSample> change) => Sound with { Samples = [change(Sound.Samples[0]), .. Sound.Samples.Skip(1)] };
}
