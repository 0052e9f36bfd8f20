using StreamEngine.Engine.Time;

namespace StreamEngine.Engine.Tests.Time;

public sealed class ShardClockTests
{
    private const long Hour = 3_600_000;
    private const long Wall = 1_772_445_600_000;

    [Fact]
    public void It_never_runs_backwards()
    {
        var clock = new ShardClock(0);
        var random = new Random(1);
        var last = 0L;
        for (var i = 0; i < 10_000; i++)
        {
            clock.Observe(Wall + random.Next(-100_000_000, 100_000_000), random.Next(2) == 0, Wall + random.Next(0, 1_000));
            if (random.Next(10) == 0)
            {
                clock.AdvanceTo(Wall + random.Next(-1_000_000, 1_000));
            }
            Assert.True(clock.NowMs >= last);
            last = clock.NowMs;
        }
        Assert.InRange(clock.NowMs, Wall - 1_000_000, Wall + 1_000);
    }

    [Fact]
    public void A_record_from_the_future_is_a_minute_ahead_at_most_and_the_shard_not_at_all()
    {
        var clock = new ShardClock(Wall - 1);
        Assert.Equal(Wall + 60_000, clock.Observe(Wall + 10 * Hour, isLogAppendTime: true, Wall));
        Assert.Equal(Wall, clock.NowMs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_record_takes_the_shard_past_the_wall_clock(bool isLogAppendTime)
    {
        var clock = new ShardClock(Wall);
        for (var i = 0; i < 100; i++)
        {
            clock.Observe(Wall + i + 30_000, isLogAppendTime, Wall + i);
            Assert.Equal(Wall + i, clock.NowMs);
        }
        clock.AdvanceTo(Wall + 200);
        Assert.Equal(Wall + 200, clock.NowMs);
    }

    [Fact]
    public void A_wall_clock_that_has_gone_back_does_not_take_the_brokers_stamps_along()
    {
        var clock = new ShardClock(Wall);
        Assert.Equal(Wall + 1, clock.Observe(Wall + 1, isLogAppendTime: true, Wall - Hour));
        Assert.Equal(Wall + 30 * 60_000, clock.Observe(Wall + 30 * 60_000, isLogAppendTime: true, Wall - Hour));
        Assert.Equal(Wall + 24 * Hour, clock.Observe(Wall + 48 * Hour, isLogAppendTime: true, Wall - Hour));
        Assert.Equal(Wall, clock.NowMs);
        Assert.Equal(Wall - Hour + 60_000, clock.Observe(Wall + 1, isLogAppendTime: false, Wall - Hour));
        Assert.Equal(Wall, clock.NowMs);
    }

    [Fact]
    public void A_jump_that_eight_records_confirm_ends_at_the_wall_clock()
    {
        var clock = new ShardClock(Wall - 10 * Hour);
        for (var i = 0; i < ShardClock.AgreeingRecords; i++)
        {
            clock.Observe(Wall + 30_000, isLogAppendTime: false, Wall);
        }
        Assert.Equal(Wall, clock.NowMs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Wall - 10 * Hour)]
    [InlineData(Wall - Hour / 2)]
    public void Producers_records_from_the_future_move_no_shard_however_many_agree(long startMs)
    {
        var clock = new ShardClock(startMs);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Wall + 60_000, clock.Observe(Wall + 60_001 + i, isLogAppendTime: false, Wall));
        }
        Assert.Equal(startMs, clock.NowMs);
        clock.Observe(Wall - Hour / 4, isLogAppendTime: false, Wall);
        Assert.Equal(startMs == Wall - 10 * Hour ? startMs : Wall - Hour / 4, clock.NowMs);
    }

    [Fact]
    public void Producers_records_from_before_2000_keep_no_new_shard_in_the_past()
    {
        var clock = new ShardClock(0);
        for (var i = 1; i < 100; i++)
        {
            clock.Observe(i, isLogAppendTime: false, Wall);
            clock.Observe(Wall - Hour + i, isLogAppendTime: false, Wall);
            Assert.Equal(Wall - Hour + i, clock.NowMs);
        }
    }

    [Fact]
    public void Records_from_before_2000_do_not_interrupt_a_run_that_agrees()
    {
        var clock = new ShardClock(Wall - 10 * Hour);
        for (var i = 1; i <= ShardClock.AgreeingRecords; i++)
        {
            clock.Observe(1, isLogAppendTime: false, Wall);
            clock.Observe(Wall - 5 * Hour, isLogAppendTime: false, Wall);
        }
        Assert.Equal(Wall - 5 * Hour, clock.NowMs);
    }

    [Fact]
    public void A_record_from_long_ago_is_a_day_old_at_most()
    {
        var clock = new ShardClock(Wall);
        Assert.Equal(Wall - 24 * Hour, clock.Observe(Wall - 100 * Hour, isLogAppendTime: false, Wall));
        Assert.Equal(Wall, clock.NowMs);
    }

    [Fact]
    public void Log_append_time_is_believed_at_once()
    {
        var clock = new ShardClock(Wall - 100 * Hour);
        clock.Observe(Wall - 2 * Hour, isLogAppendTime: true, Wall);
        Assert.Equal(Wall - 2 * Hour, clock.NowMs);
    }

    [Fact]
    public void One_producers_clock_that_runs_ahead_does_not_pull_a_backlog_along()
    {
        var clock = new ShardClock(Wall - 10 * Hour);
        for (var i = 0; i < 100; i++)
        {
            clock.Observe(Wall, isLogAppendTime: false, Wall);
            clock.Observe(Wall - 10 * Hour + i, isLogAppendTime: false, Wall);
        }
        Assert.InRange(clock.NowMs, Wall - 10 * Hour, Wall - 10 * Hour + 100);
    }

    [Fact]
    public void A_jump_counts_when_eight_records_in_a_row_agree()
    {
        var clock = new ShardClock(Wall - 10 * Hour);
        for (var i = 1; i < ShardClock.AgreeingRecords; i++)
        {
            clock.Observe(Wall - 5 * Hour + i, isLogAppendTime: false, Wall);
            Assert.Equal(Wall - 10 * Hour, clock.NowMs);
        }
        clock.Observe(Wall - 5 * Hour + 8, isLogAppendTime: false, Wall);
        Assert.Equal(Wall - 5 * Hour + 8, clock.NowMs);
    }

    [Fact]
    public void Eight_records_that_jump_to_different_hours_do_not_agree()
    {
        var clock = new ShardClock(Wall - 100 * Hour);
        for (var i = 0; i < 40; i++)
        {
            clock.Observe(Wall - 90 * Hour + i * 7 % 13 * 3 * Hour, isLogAppendTime: false, Wall);
        }
        Assert.Equal(Wall - 100 * Hour, clock.NowMs);
    }

    [Fact]
    public void A_record_without_a_time_has_the_shards()
    {
        var clock = new ShardClock(0);
        Assert.Equal(Wall, clock.Observe(0, isLogAppendTime: false, Wall));
        Assert.Equal(Wall, clock.Observe(-1, isLogAppendTime: false, Wall + 5));
    }

    [Fact]
    public void An_hour_ahead_needs_no_agreement_and_a_millisecond_more_does()
    {
        var clock = new ShardClock(Wall - 10 * Hour);
        clock.Observe(Wall - 9 * Hour, isLogAppendTime: false, Wall);
        Assert.Equal(Wall - 9 * Hour, clock.NowMs);
        clock.Observe(Wall - 8 * Hour + 1, isLogAppendTime: false, Wall);
        Assert.Equal(Wall - 9 * Hour, clock.NowMs);
    }
}
