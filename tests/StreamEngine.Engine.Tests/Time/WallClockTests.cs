using StreamEngine.Engine.Time;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Time;

public sealed class WallClockTests
{
    private readonly FakeTime _time = new();
    private readonly WallClock _clock;

    public WallClockTests() => _clock = new WallClock(_time, 60_000);

    [Fact]
    public void It_follows_the_wall_clock()
    {
        _time.Advance(1_234);
        Assert.False(_clock.Read());
        Assert.Equal(FakeTime.StartMs + 1_234, _clock.NowMs);
    }

    [Theory]
    [InlineData(-5_001)]
    [InlineData(-86_400_000)]
    [InlineData(60_001)]
    [InlineData(86_400_000)]
    public void A_jump_is_held_and_time_goes_on_from_where_it_was(long jumpMs)
    {
        _time.JumpWall(jumpMs);
        Assert.True(_clock.Read());
        Assert.True(_clock.IsHeld);
        Assert.Equal(jumpMs, _clock.JumpMs);
        _time.Advance(1_000);
        Assert.False(_clock.Read());
        Assert.Equal(FakeTime.StartMs + 1_000, _clock.NowMs);
    }

    [Theory]
    [InlineData(-5_000)]
    [InlineData(60_000)]
    public void A_small_step_is_followed(long jumpMs)
    {
        _time.JumpWall(jumpMs);
        Assert.False(_clock.Read());
        Assert.Equal(FakeTime.StartMs + jumpMs, _clock.NowMs);
    }

    [Fact]
    public void A_clock_that_jumps_back_is_trusted_at_once()
    {
        _time.JumpWall(3_600_000);
        _clock.Read();
        _time.Advance(10_000);
        _time.JumpWall(-3_600_000);
        Assert.True(_clock.Read());
        Assert.False(_clock.IsHeld);
        Assert.Equal(FakeTime.StartMs + 10_000, _clock.NowMs);
    }

    [Fact]
    public void The_hold_ends_and_the_new_time_is_believed()
    {
        _time.JumpWall(3_600_000);
        _clock.Read();
        _time.Advance(59_999);
        Assert.False(_clock.Read());
        Assert.True(_clock.IsHeld);
        _time.Advance(1);
        Assert.True(_clock.Read());
        Assert.False(_clock.IsHeld);
        Assert.Equal(FakeTime.StartMs + 3_660_000, _clock.NowMs);
    }

    [Fact]
    public void A_slow_drift_never_adds_up_to_a_jump()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(1_000);
            _time.JumpWall(i < 500 ? 100 : -100);
            Assert.False(_clock.Read());
            Assert.Equal(_time.NowMs, _clock.NowMs);
        }
    }
}
