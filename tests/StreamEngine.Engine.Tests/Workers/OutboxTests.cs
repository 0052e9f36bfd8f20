using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class OutboxTests
{
    private const long Minute = 60_000;

    private static ShardDriver WithAbandonedCarts(int count, EngineOptions? engine = null, bool readsTail = false, bool readsBeside = false)
    {
        var driver = new ShardDriver(new DriverOptions
        {
            Engine = engine ?? new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 },
            ReadsTail = readsTail,
            ReadsBeside = readsBeside,
        });
        for (var i = 0; i < count; i++)
        {
            driver.Feed("v" + i, ClickJson.ProductAdded("shoe", 50));
        }
        driver.Settle();
        return driver;
    }

    [Fact]
    public void A_full_outbox_pauses_the_shard_with_an_alarm_and_an_empty_one_resumes_it()
    {
        using var driver = WithAbandonedCarts(100, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, OutboxStoredMax = 10, DeadlinesPerLoop = 5 });
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        Assert.True(driver.Source.IsPaused(0));
        Assert.InRange(driver.Rows.Count, 10, 30);
        Assert.Single(driver.Log.Lines, line => line.Contains("as many as Engine:OutboxStoredMax allows", StringComparison.Ordinal));
        var read = driver.Source.Records;
        driver.Feed("new", ClickJson.Page("home"));
        driver.Advance(Minute);
        Assert.Equal(read, driver.Source.Records);
        driver.Outlet.OutstandingMax = 3;
        driver.Advance(Minute);
        Assert.False(driver.Source.IsPaused(0));
        Assert.Contains(driver.Log.Lines, line => line.Contains("goes on: the broker takes its actions again", StringComparison.Ordinal));
        Assert.InRange(driver.Log.Lines.Count(line => line.Contains("as many as Engine:OutboxStoredMax", StringComparison.Ordinal)), 2, 100 / 3);
        Assert.Equal(100, driver.Actions.Count);
        Assert.Equal(100, driver.PublishedIds.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_broker_that_is_away_grows_the_outbox_in_the_store_and_not_in_memory(bool readsBeside)
    {
        using var driver = WithAbandonedCarts(300, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, OutboxItemsMax = 10, DeadlinesUncommittedMax = 5 }, readsBeside: readsBeside);
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        Assert.Equal(300, driver.Rows.Count);
        var progress = Assert.Single(driver.Worker.Stats.Progress.Shards);
        Assert.Equal(300, progress.Unpublished);
        // The window, and again as much in a commit that came when it was not full.
        Assert.InRange(progress.InMemory, 1, 20);
        Assert.False(driver.Source.IsPaused(0));
        Assert.Single(driver.Log.Lines, line => line.Contains("further ones wait in the database alone", StringComparison.Ordinal));

        driver.Outlet.OutstandingMax = 4;
        driver.Advance(Minute);
        Assert.Equal(driver.Rows.Select(row => row.Id.ToString()), driver.Actions.Select(ShardDriver.IdOf), StringComparer.Ordinal);
        Assert.Equal((0L, 0), (driver.Worker.Stats.Progress.Shards[0].Unpublished, driver.Worker.Stats.Progress.Shards[0].InMemory));
        Assert.Single(driver.Log.Lines, line => line.Contains("no action waits in the database alone any more", StringComparison.Ordinal));
        Assert.Equal(300, driver.Memory.ReadShard(0).PublishedSeq);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decisions_that_come_while_stored_ones_leave_keep_their_place(bool readsBeside)
    {
        using var driver = WithAbandonedCarts(60, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, OutboxItemsMax = 4, DeadlinesUncommittedMax = 5 }, readsBeside: readsBeside);
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        for (var i = 0; i < 40; i++)
        {
            // The broker takes a little, a new visitor's cart is abandoned, the broker takes a little.
            driver.Outlet.OutstandingMax = i % 3 == 0 ? 1 : 0;
            driver.Feed("late" + i, ClickJson.ProductAdded("hat", 10));
            driver.Advance(Minute, stepMs: 20_000);
        }
        driver.Outlet.OutstandingMax = 3;
        driver.Advance(3 * 60 * Minute, stepMs: 10_000);
        var emitted = driver.Rows.Where(row => row.Held is null).OrderBy(row => row.Seq).Select(row => row.Id.ToString()).ToList();
        Assert.InRange(emitted.Count, 100, int.MaxValue);
        Assert.Equal(emitted, driver.Actions.Select(ShardDriver.IdOf), StringComparer.Ordinal);
    }

    [Fact]
    public void A_page_that_was_asked_for_before_a_commit_failed_is_not_taken_after_it()
    {
        using var driver = WithAbandonedCarts(60, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, OutboxItemsMax = 4, DeadlinesUncommittedMax = 5 }, readsBeside: true);
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        for (var commit = driver.Store.Submitted + 1; commit < 1_000; commit += 2)
        {
            driver.Store.Faults[commit] = CommitFault.Fail;
        }
        driver.Outlet.OutstandingMax = 1;
        for (var i = 0; i < 40; i++)
        {
            driver.Feed("late" + i, ClickJson.ProductAdded("hat", 10));
            driver.Advance(Minute, stepMs: 500);
        }
        driver.Outlet.OutstandingMax = 3;
        driver.Advance(3 * 60 * Minute, stepMs: 10_000);
        Assert.InRange(driver.Worker.Stats.FailedCommits, 20, int.MaxValue);
        var emitted = driver.Rows.Where(row => row.Held is null).OrderBy(row => row.Seq).Select(row => row.Id.ToString()).ToList();
        Assert.Equal(emitted, driver.Actions.Select(ShardDriver.IdOf), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_restart_reads_no_more_of_a_long_outbox_than_memory_may_hold(bool readsBeside)
    {
        using var driver = WithAbandonedCarts(300, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, OutboxItemsMax = 10, DeadlinesUncommittedMax = 5 }, readsBeside: readsBeside);
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        driver.Crash();
        driver.Advance(1_000);
        Assert.Equal(10, driver.Worker.Stats.Progress.Shards[0].InMemory);
        driver.Outlet.OutstandingMax = 100;
        driver.Advance(Minute);
        Assert.Equal(driver.Rows.Select(row => row.Id.ToString()), driver.Actions.Select(ShardDriver.IdOf), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_store_that_is_away_while_stored_actions_leave_loses_none(bool readsBeside)
    {
        using var driver = WithAbandonedCarts(100, new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, OutboxItemsMax = 10, DeadlinesUncommittedMax = 5 }, readsBeside: readsBeside);
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        driver.Store.IsDown = true;
        driver.Outlet.OutstandingMax = 5;
        driver.Advance(Minute);
        Assert.InRange(driver.Actions.Count, 1, 20);
        driver.Store.IsDown = false;
        driver.Advance(Minute);
        Assert.Equal(driver.Rows.Select(row => row.Id.ToString()), driver.Actions.Select(ShardDriver.IdOf), StringComparer.Ordinal);
    }

    [Fact]
    public void An_action_that_fails_is_sent_again_and_order_is_kept()
    {
        using var driver = WithAbandonedCarts(20);
        driver.Outlet.FailNext = 3;
        driver.Advance(31 * Minute);
        Assert.Equal(20, driver.PublishedIds.Count);
        // What came behind the failed ones was delivered before them once; the repetition is in order.
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), driver.Actions.TakeLast(20).Select(a => a.Ticket));
    }

    [Fact]
    public void An_action_that_is_refused_for_ever_does_not_repeat_those_behind_it()
    {
        // As many as one commit always takes.
        using var driver = WithAbandonedCarts(16);
        driver.Outlet.Refuses = message => message.Ticket == 5;
        driver.Advance(40 * Minute);
        // What was under way behind it arrived once; nothing more leaves before it does.
        Assert.Equal(15, driver.Actions.Count);
        driver.Outlet.Refuses = null;
        driver.Advance(Minute);
        Assert.Equal(Enumerable.Range(5, 12).Select(i => (long)i), driver.Actions.Skip(15).Select(a => a.Ticket));
    }

    [Fact]
    public void An_outlet_that_always_fails_is_not_asked_in_a_frenzy()
    {
        using var driver = WithAbandonedCarts(1);
        driver.Outlet.FailNext = int.MaxValue;
        driver.Advance(40 * Minute);
        Assert.InRange(driver.Outlet.Sends, 10, 10 * 60 * 10);
        driver.Outlet.FailNext = 0;
        driver.Advance(1_000);
        Assert.Single(driver.Actions);
    }

    [Fact]
    public void What_was_published_is_committed_and_not_repeated_after_a_restart()
    {
        using var driver = WithAbandonedCarts(5);
        driver.Advance(35 * Minute);
        Assert.Equal(5, driver.Actions.Count);
        driver.Crash();
        driver.Advance(Minute);
        Assert.Equal(5, driver.Actions.Count);
    }

    [Fact]
    public void What_has_no_receipt_is_repeated_after_a_restart()
    {
        using var driver = WithAbandonedCarts(5);
        driver.Outlet.HoldsReceipts = true;
        driver.Advance(35 * Minute);
        driver.Crash();
        driver.Outlet.HoldsReceipts = false;
        driver.Advance(Minute);
        Assert.Equal(10, driver.Actions.Count);
        Assert.Equal(5, driver.PublishedIds.Count);
    }

    [Fact]
    public void A_take_over_that_finds_them_on_the_topic_repeats_none_and_notes_it()
    {
        using var driver = WithAbandonedCarts(5, readsTail: true);
        driver.Outlet.HoldsReceipts = true;
        driver.Advance(35 * Minute);
        driver.Crash();
        driver.Outlet.HoldsReceipts = false;
        driver.Advance(Minute);
        Assert.Equal(5, driver.Actions.Count);
        Assert.Equal(5, driver.Memory.ReadShard(0).PublishedSeq);
        Assert.Contains(driver.Log.Lines, line => line.Contains("5 actions of its outbox are on the topic already", StringComparison.Ordinal));
    }

    [Fact]
    public void A_take_over_publishes_what_it_does_not_find_on_the_topic_in_order()
    {
        using var driver = WithAbandonedCarts(20, readsTail: true);
        // One is refused and those behind it arrive: the topic has a gap when the process ends.
        driver.Outlet.Refuses = message => message.Ticket is 5 or 6;
        driver.Outlet.OutstandingMax = 12;
        driver.Outlet.HoldsReceipts = true;
        driver.Advance(35 * Minute);
        Assert.Equal([1, 2, 3, 4, 7, 8, 9, 10, 11, 12], driver.Actions.Select(action => action.Ticket));
        driver.Crash();
        driver.Outlet.Refuses = null;
        driver.Outlet.HoldsReceipts = false;
        driver.Advance(Minute);
        Assert.Equal([5L, 6, .. Enumerable.Range(13, 8).Select(seq => (long)seq)], driver.Actions.Skip(10).Select(action => action.Ticket));
        Assert.Equal(20, driver.Memory.ReadShard(0).PublishedSeq);
    }

    [Fact]
    public void The_topic_is_read_back_only_where_something_may_be_on_it()
    {
        using var driver = WithAbandonedCarts(5, readsTail: true);
        driver.Advance(35 * Minute);
        driver.Crash();
        driver.Advance(Minute);
        Assert.Equal(0, driver.TailReads);
        // A shard that its own worker reads back knows what it has sent.
        driver.Outlet.HoldsReceipts = true;
        driver.Feed("new", ClickJson.ProductAdded("hat", 10));
        driver.Advance(31 * Minute);
        driver.Store.Faults[driver.Store.Submitted + 1] = CommitFault.Fail;
        driver.Feed("new", ClickJson.ProductAdded("sock", 10));
        driver.Advance(Minute);
        Assert.Equal(0, driver.TailReads);
        Assert.Equal(1, driver.Worker.Stats.Reloads);
    }

    [Fact]
    public void A_stop_without_time_left_sends_nothing_that_it_could_not_note()
    {
        using var driver = WithAbandonedCarts(5);
        driver.Outlet.OutstandingMax = 0;
        driver.Advance(31 * Minute);
        driver.Store.IsHeld = true;
        driver.Feed("new", ClickJson.ProductAdded("hat", 10));
        driver.Settle();
        driver.Outlet.OutstandingMax = 100;
        var before = driver.Time.NowMs;
        driver.Time.AdvancePerLook = TimeSpan.FromMilliseconds(10);
        driver.Worker.Drain();
        driver.Time.AdvancePerLook = TimeSpan.Zero;
        Assert.InRange(driver.Time.NowMs - before, 2_000, 2_300);
        Assert.Equal(0, driver.Outlet.Sends);
    }
}
