using System.Globalization;
using StreamEngine.Engine.Stores;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class CommitTroubleTests
{
    private const long Minute = 60_000;

    [Theory]
    [InlineData(CommitFault.Fail)]
    [InlineData(CommitFault.UnknownLost)]
    [InlineData(CommitFault.UnknownWritten)]
    public void A_commit_that_goes_wrong_is_made_good(CommitFault fault)
    {
        for (var n = 1; n <= 6; n++)
        {
            using var driver = new ShardDriver();
            driver.Store.Faults[n] = fault;
            driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
            driver.Advance(20 * Minute);
            driver.Feed("ann", ClickJson.ProductAdded("hat", 10));
            driver.Advance(2 * 60 * Minute);
            Assert.Equal(["cart_abandoned", TestTactics.Email1H], driver.Decisions);
            Assert.Equal(2, driver.PublishedIds.Count);
            Assert.Equal(6_000, Assert.Single(driver.Memory.Carts(0)).ValueMinor);
            Assert.Equal(fault == CommitFault.UnknownWritten ? 0 : 1, driver.Worker.Stats.FailedCommits);
            Assert.Equal(fault == CommitFault.UnknownWritten ? 0 : 1, driver.Worker.Stats.Reloads);
        }
    }

    [Fact]
    public void The_operator_reads_why_a_commit_failed()
    {
        using var driver = new ShardDriver();
        driver.Store.Faults[1] = CommitFault.Fail;
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        Assert.Contains(driver.Log.Lines, line => line.Contains("Shard 0: commit 1 was not written: a test said so.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_store_that_is_down_is_tried_again_at_growing_intervals()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Store.IsDown = true;
        driver.Advance(10 * Minute, stepMs: 50);
        // Told once, however often it is tried.
        Assert.Single(driver.Log.Lines, line => line.Contains("Trying again", StringComparison.Ordinal));
        Assert.DoesNotContain(driver.Log.Lines, line => line.Contains("Over after", StringComparison.Ordinal));
        driver.Store.IsDown = false;
        driver.Advance(21 * Minute);
        Assert.Equal(["cart_abandoned"], driver.Decisions);
        var over = Assert.Single(driver.Log.Lines, line => line.Contains("Over after", StringComparison.Ordinal));
        var words = over[over.IndexOf("Over after", StringComparison.Ordinal)..].Split(' ');
        Assert.InRange(int.Parse(words[2], CultureInfo.InvariantCulture), 600, 611);
        Assert.InRange(int.Parse(words[5], CultureInfo.InvariantCulture), 60, 80);
    }

    [Fact]
    public void A_store_that_opens_shards_and_takes_no_commit_is_in_one_trouble_also_while_a_backlog_lingers()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { LingerMsMin = 5, LingerMsMax = 50, SettleMs = 0, RetryMsMax = 1_000 } });
        driver.Source.IsLogEndUnknown = true;
        for (var n = 1; n <= 1_000; n++)
        {
            driver.Store.Faults[n] = CommitFault.Fail;
        }
        driver.FeedAt("ann", ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs - 60 * Minute);
        driver.Advance(Minute, stepMs: 50);
        Assert.InRange(driver.Worker.Stats.FailedCommits, 10, 100);
        Assert.Single(driver.Log.Lines, line => line.Contains("Trying again", StringComparison.Ordinal));
        Assert.DoesNotContain(driver.Log.Lines, line => line.Contains("Over after", StringComparison.Ordinal));
        driver.Store.Faults.Clear();
        driver.Advance(Minute, stepMs: 50);
        Assert.Single(driver.Log.Lines, line => line.Contains("Over after", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_without_its_database_decides_nothing_polls_on_and_recovers_without_help()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 2 });
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Feed("bob", ClickJson.ProductAdded("shoe", 50), shard: 1);
        driver.Advance(20 * Minute);
        driver.Store.IsDown = true;
        driver.Feed("ann", ClickJson.ProductAdded("hat", 10));
        driver.Feed("bob", ClickJson.ProductAdded("hat", 10), shard: 1);
        driver.Advance(1_000, stepMs: 50);
        var fired = driver.Worker.Stats.Shards.Sum(shard => shard.DeadlinesFired);
        var (records, polls) = (driver.Source.Records, driver.Source.Polls);
        driver.Advance(60 * Minute, stepMs: 500);
        Assert.Equal(fired, driver.Worker.Stats.Shards.Sum(shard => shard.DeadlinesFired));
        Assert.Equal(records, driver.Source.Records);
        Assert.True(driver.Source.IsPaused(0) && driver.Source.IsPaused(1));
        // The group hears of it at least with every turn of the loop.
        Assert.InRange(driver.Source.Polls - polls, 60 * 60 * 2, long.MaxValue);
        Assert.Empty(driver.Rows);

        driver.Store.IsDown = false;
        driver.Advance(11_000, stepMs: 500);
        Assert.False(driver.Source.IsPaused(0) || driver.Source.IsPaused(1));
        Assert.Equal(2, driver.Rows.Count(row => row.Kind is "cart_abandoned"));
        Assert.All(driver.Rows.Where(row => row.Kind is "cart_abandoned"), row => Assert.Equal(FakeTime.StartMs + 50 * Minute, row.DueMs));
        Assert.Equal(driver.Rows.Count(row => row.Held is null), driver.PublishedIds.Count);
    }

    [Fact]
    public void A_store_that_was_taken_away_ends_the_worker_which_publishes_nothing_more()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Store.Loss = new EngineFatalException("gone");
        driver.Time.Advance(31 * Minute);
        Assert.Same(driver.Store.Loss, Assert.Throws<EngineFatalException>(driver.Worker.RunOnce));
        Assert.Same(driver.Store.Loss, Assert.Throws<EngineFatalException>(driver.Worker.Drain));
        Assert.Empty(driver.Actions);
    }

    [Fact]
    public void While_no_commit_is_taken_what_was_published_is_not_published_with_every_attempt()
    {
        for (var first = 1; first <= 8; first++)
        {
            using var driver = new ShardDriver();
            for (var n = first; n < first + 20; n++)
            {
                driver.Store.Faults[n] = CommitFault.Fail;
            }
            driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
            driver.Advance(20 * Minute);
            driver.Feed("bob", ClickJson.ProductAdded("hat", 10));
            driver.Advance(3 * 60 * Minute);
            Assert.Equal(20, driver.Worker.Stats.FailedCommits);
            Assert.Equal(4, driver.PublishedIds.Count);
            Assert.Equal(driver.PublishedIds.Count, driver.Actions.Count);
        }
    }

    [Fact]
    public void Where_another_node_took_over_nothing_more_is_published()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Store.Faults[driver.Store.Submitted + 1] = CommitFault.Fence;
        driver.Source.IsStalled = true;
        driver.Time.Advance(31 * Minute);
        for (var i = 0; i < 100; i++)
        {
            driver.Worker.RunOnce();
        }
        Assert.Equal(1, driver.Worker.Stats.Fenced);
        Assert.Empty(driver.Actions);
        Assert.Empty(driver.Rows);
        Assert.Contains(driver.Log.Lines, line => line.Contains("belongs to another owner now", StringComparison.Ordinal));
    }

    [Fact]
    public void A_commit_that_is_refused_after_its_shard_was_lost_counts_as_fenced_too()
    {
        using var driver = new ShardDriver();
        driver.Settle();
        driver.Store.IsHeld = true;
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Advance(100, stepMs: 10);
        driver.Memory.TakeOver(0, "rival");
        driver.Source.Lose(0);
        driver.Advance(100, stepMs: 10);
        driver.Store.Release();
        driver.Settle();
        Assert.Equal(1, driver.Worker.Stats.Fenced);
        Assert.Contains(driver.Log.Lines, line => line.Contains("belongs to another owner now", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_commits_are_under_way_and_never_three()
    {
        using var driver = new ShardDriver();
        driver.Settle();
        driver.Store.IsHeld = true;
        var before = driver.Store.Submitted;
        for (var i = 0; i < 10; i++)
        {
            driver.Feed("v" + i, ClickJson.ProductAdded("shoe", 50));
            driver.Advance(100, stepMs: 10);
        }
        Assert.Equal(before + 2, driver.Store.Submitted);
        driver.Store.Release();
        driver.Settle();
        Assert.Equal(10, driver.Store.Seen[^1].NextOffset);
        Assert.All(driver.Store.Seen, commit => Assert.Equal(CommitOutcome.Committed, commit.Outcome));
    }

    [Fact]
    public void When_the_first_of_two_fails_the_second_is_not_written_and_both_are_repeated()
    {
        using var driver = WithTwoCommitsHeld();
        driver.Store.IsDown = true;
        driver.Store.Release();
        driver.Settle();
        driver.Store.IsDown = false;
        driver.Advance(31 * Minute);
        Assert.Equal(["cart_abandoned", "cart_abandoned"], driver.Decisions);
        Assert.Equal(2, driver.Actions.Count);
    }

    [Fact]
    public void The_second_of_two_that_is_refused_because_the_first_failed_is_no_other_owners_doing()
    {
        using var driver = WithTwoCommitsHeld();
        driver.Store.Faults[driver.Store.Submitted - 1] = CommitFault.Fail;
        driver.Store.Release();
        driver.Settle();
        Assert.Equal(1, driver.Worker.Stats.FailedCommits);
        Assert.Equal(0, driver.Worker.Stats.Fenced);
        Assert.DoesNotContain(driver.Log.Lines, static line => line.Contains("belongs to another owner now", StringComparison.Ordinal));
    }

    [Fact]
    public void A_slow_store_pauses_the_reading_but_not_the_polling()
    {
        using var driver = new ShardDriver(new DriverOptions
        {
            Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0, CommitClicksMax = 100, ClicksPerLoop = 64 },
        });
        driver.Settle();
        driver.Store.IsHeld = true;
        for (var i = 0; i < 2_000; i++)
        {
            driver.Feed("v" + i, ClickJson.ProductAdded("shoe", 50));
        }
        driver.Settle();
        var read = driver.Source.Records;
        Assert.InRange(read, 200, 400);
        driver.Advance(5_000, stepMs: 100);
        Assert.True(driver.Source.IsPaused(0));
        Assert.Equal(read, driver.Source.Records);
        var polls = driver.Source.Polls;
        driver.Advance(10_000, stepMs: 100);
        Assert.InRange(driver.Source.Polls - polls, 100, long.MaxValue);
        driver.Store.Release();
        driver.Advance(1_000, stepMs: 10);
        Assert.False(driver.Source.IsPaused(0));
        Assert.Equal(2_000, driver.Store.Seen[^1].NextOffset);
        Assert.Equal(0, driver.Worker.Stats.Reloads);
    }

    [Fact]
    public void A_shard_that_was_read_back_is_read_on()
    {
        using var driver = new ShardDriver();
        driver.Store.Faults[1] = CommitFault.Fail;
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Advance(5_000);
        Assert.False(driver.Source.IsPaused(0));
        driver.Feed("bob", ClickJson.ProductAdded("shoe", 50));
        driver.Advance(5_000);
        Assert.Equal(2, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void Other_shards_of_a_batch_go_on_when_one_is_fenced()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 2 });
        driver.Settle();
        driver.Memory.TakeOver(0, "rival");
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50), 0);
        driver.Feed("bob", ClickJson.ProductAdded("shoe", 50), 1);
        driver.Settle();
        Assert.Equal(1, driver.Worker.Stats.Fenced);
        Assert.Contains(driver.Store.Seen, c => c is { Shard: 1, NextOffset: 1, Outcome: CommitOutcome.Committed });
        Assert.DoesNotContain(driver.Store.Seen, c => c is { Shard: 0, NextOffset: 1, Outcome: CommitOutcome.Committed });
    }

    private static ShardDriver WithTwoCommitsHeld()
    {
        var driver = new ShardDriver();
        driver.Settle();
        driver.Store.IsHeld = true;
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Advance(10, stepMs: 10);
        driver.Feed("bob", ClickJson.ProductAdded("shoe", 50));
        driver.Advance(10, stepMs: 10);
        return driver;
    }
}
