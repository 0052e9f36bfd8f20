using System.Text;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class DeadLetterTests
{
    private static readonly byte[] Broken = Encoding.UTF8.GetBytes("{\"type\":\"track\",");

    [Fact]
    public void A_record_that_cannot_be_read_goes_to_the_dead_letters_with_its_reason_and_position()
    {
        using var driver = new ShardDriver(new DriverOptions { Shards = 2 });
        driver.Feed("ann", ClickJson.Page("home"), 1);
        driver.Feed("ann", Broken, 1);
        driver.Settle();
        var letter = Assert.Single(driver.Dead);
        Assert.Equal(Broken, letter.Value);
        Assert.Equal("ann"u8.ToArray(), letter.Key);
        Assert.Contains(new("reason", "BrokenJson"), letter.Headers);
        Assert.Contains(new("topic", "clicks"), letter.Headers);
        Assert.Contains(new("partition", "1"), letter.Headers);
        Assert.Contains(new("offset", "1"), letter.Headers);
        Assert.Contains(new("timestamp", $"{FakeTime.StartMs}"), letter.Headers);
        Assert.Contains(letter.Headers, h => string.Equals(h.Key, "byte_position", StringComparison.Ordinal));
        Assert.Equal(1, Assert.Single(driver.Memory.DeadLetters(1)).Offset);
    }

    [Fact]
    public void The_commit_that_steps_over_a_record_waits_for_its_receipt()
    {
        using var driver = new ShardDriver();
        driver.Outlet.HoldsReceipts = true;
        driver.Feed("ann", Broken);
        driver.Advance(10_000);
        Assert.Single(driver.Dead);
        Assert.Empty(driver.Store.Seen);
        driver.Outlet.HoldsReceipts = false;
        driver.Settle();
        Assert.Equal(1, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void A_record_whose_dead_letter_was_never_confirmed_is_read_again_after_a_crash()
    {
        using var driver = new ShardDriver();
        driver.Outlet.FailNext = 1;
        driver.Feed("ann", Broken);
        driver.Worker.RunOnce();
        driver.Worker.RunOnce();
        driver.Crash();
        driver.Settle();
        Assert.Single(driver.Dead);
        Assert.Equal(1, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void A_letter_that_fails_is_sent_again_in_order_and_not_in_a_frenzy()
    {
        using var driver = new ShardDriver();
        driver.Outlet.FailNext = 5;
        for (var i = 0; i < 5; i++)
        {
            driver.Feed("ann", Encoding.UTF8.GetBytes($"broken {i}"));
        }
        driver.Settle();
        Assert.Equal(5, driver.Outlet.Sends);
        driver.Advance(99, stepMs: 1);
        Assert.Equal(5, driver.Outlet.Sends);
        driver.Advance(2, stepMs: 1);
        Assert.Equal(["broken 0", "broken 1", "broken 2", "broken 3", "broken 4"], driver.Dead.Select(d => Encoding.UTF8.GetString(d.Value.Span)), StringComparer.Ordinal);
        Assert.Equal(5, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void A_failed_letter_does_not_repeat_actions()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Outlet.HoldsReceipts = true;
        driver.Advance(30 * 60_000);
        Assert.Single(driver.Actions);
        driver.Outlet.FailNext = 1;
        driver.Feed("ann", Broken);
        driver.Settle();
        driver.Outlet.HoldsReceipts = false;
        driver.Advance(1_000);
        Assert.Single(driver.Actions);
        Assert.Single(driver.Dead);
    }

    [Fact]
    public void A_flood_of_unreadable_records_pauses_the_shard_until_they_have_left()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { SettleMs = 0, DeadLettersMax = 10 } });
        driver.Outlet.HoldsReceipts = true;
        for (var i = 0; i < 100; i++)
        {
            driver.Feed("ann", Broken);
        }
        driver.Advance(10_000);
        Assert.True(driver.Source.IsPaused(0));
        Assert.Equal(10, driver.Source.Records);
        driver.Outlet.HoldsReceipts = false;
        driver.Advance(10_000);
        Assert.Equal(100, driver.Dead.Count);
        Assert.Equal(100, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void Few_but_large_unreadable_records_pause_the_shard_too()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { SettleMs = 0, DeadLetterBytesMax = 100_000 } });
        driver.Outlet.HoldsReceipts = true;
        for (var i = 0; i < 20; i++)
        {
            driver.Feed("ann", new byte[30_000]);
        }
        driver.Advance(10_000);
        Assert.True(driver.Source.IsPaused(0));
        Assert.Equal(4, driver.Source.Records);
        driver.Outlet.HoldsReceipts = false;
        driver.Advance(10_000);
        Assert.Equal(20, driver.Dead.Count);
    }

    [Fact]
    public void An_old_receipt_never_vouches_for_another_record()
    {
        using var driver = new ShardDriver();
        driver.Outlet.HoldsReceipts = true;
        driver.Feed("ann", Broken);
        driver.Settle();
        // Another node reads the first record, the shard comes back, and only then the first receipt.
        driver.Source.Lose(0);
        driver.Settle();
        var lease = driver.Memory.TakeOver(0, "rival");
        var batch = new Engine.Stores.CommitBatch();
        batch.Shards.Add(new Engine.Stores.ShardCommit { Shard = 0, Owner = "rival", Epoch = lease.Epoch, CommitSeq = 1, NextOffset = 1 });
        driver.Memory.Submit(batch);
        driver.Outlet.OutstandingMax = 1;
        driver.Feed("ann", Broken);
        driver.Source.Assign(0);
        driver.Settle();
        driver.Outlet.OutstandingMax = 0;
        driver.Outlet.HoldsReceipts = false;
        driver.Advance(5_000);
        Assert.Single(driver.Dead);
        Assert.Equal(0, driver.Store.Submitted);
    }

    [Fact]
    public void Of_a_record_that_is_refused_for_its_length_only_the_beginning_is_sent_and_says_so()
    {
        using var driver = new ShardDriver();
        driver.Feed("ann", [.. "begins so"u8, .. new byte[300_000]]);
        driver.Settle();
        var letter = Assert.Single(driver.Dead);
        Assert.Equal(64 * 1024, letter.Value.Length);
        Assert.True(letter.Value.Span.StartsWith("begins so"u8));
        Assert.Contains(new("reason", "TooLarge"), letter.Headers);
        Assert.Contains(new("cut_from_bytes", "300009"), letter.Headers);
    }

    [Fact]
    public void A_record_too_large_for_the_broker_is_cut_and_says_so()
    {
        using var driver = new ShardDriver(new DriverOptions { Clicks = new() { RecordBytesMax = 4_000_000 } });
        driver.Feed("ann", new byte[2_000_000]);
        driver.Settle();
        var letter = Assert.Single(driver.Dead);
        Assert.Equal(900_000, letter.Value.Length);
        Assert.Contains(new("cut_from_bytes", "2000000"), letter.Headers);
    }
}
