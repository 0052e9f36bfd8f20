using StreamEngine.Engine.Commits;

namespace StreamEngine.Engine.Tests.Outage;

public sealed class DrainWindowTests
{
    private const int Most = 200;

    private readonly DrainWindow _window = new(Most);

    [Fact]
    public void It_grows_while_commits_are_quick_up_to_its_bound()
    {
        Assert.Equal(16, _window.Size);
        for (var commit = 1; commit < 12; commit++)
        {
            Commit(_window.Size, ms: 1);
            Assert.Equal(Math.Min(Most, 16 + 16 * commit), _window.Size);
        }
        Commit(_window.Size, ms: 1);
        Assert.Equal(Most, _window.Size);
    }

    [Fact]
    public void It_halves_with_each_slow_commit_and_never_below_what_a_commit_may_always_hold()
    {
        Grow(Most);
        List<int> sizes = [];
        for (var commit = 0; commit < 5; commit++)
        {
            Commit(_window.Size, ms: 1.5);
            sizes.Add(_window.Size);
        }
        Assert.Equal([100, 50, 25, 16, 16], sizes);
    }

    [Fact]
    public void A_store_that_is_slow_whatever_it_is_given_gets_what_can_be_half_of_its_time_and_a_quicker_one_less_again()
    {
        List<int> sizes = [];
        for (var commit = 0; commit < 9; commit++)
        {
            Commit(_window.Size, ms: 10);
            sizes.Add(_window.Size);
        }
        Assert.Equal([32, 48, 64, 80, 96, 100, 100, 100, 100], sizes);
        Commit(_window.Size, ms: 4);
        Commit(_window.Size, ms: 4);
        Assert.Equal(40, _window.Size);
    }

    [Fact]
    public void One_stall_tells_nothing_of_what_the_store_takes_for_anything()
    {
        Grow(96);
        Commit(_window.Size, ms: 180_000, leastMs: 1);
        Assert.Equal(48, _window.Size);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(100)]
    public void A_store_that_is_slow_by_its_sessions_is_not_given_ever_more(double sessionMs)
    {
        var window = new DrainWindow(4_096);
        var pace = new StorePace();
        for (var commit = 0; commit < 1_000; commit++)
        {
            var took = TimeSpan.FromMilliseconds(5 + sessionMs * window.Due);
            pace.Add(took);
            window.Committed(window.Due, took, pace.Least);
            Assert.InRange(window.Size, 16, 256);
        }
    }

    [Fact]
    public void It_stays_while_it_is_not_used()
    {
        Grow(96);
        Commit(20, ms: 1);
        Commit(0, ms: 500);
        Assert.Equal(96, _window.Size);
    }

    [Fact]
    public void Where_each_woken_session_takes_its_time_commits_come_to_about_the_goal()
    {
        var slow = 0;
        for (var commit = 0; commit < 1_000; commit++)
        {
            var took = TimeSpan.FromMicroseconds(500 + 10 * _window.Size);
            slow += took > TimeSpan.FromMilliseconds(2) ? 1 : 0;
            _window.Committed(_window.Size, took, took);
        }
        Assert.Equal(0, slow);
        Assert.InRange(_window.Size, 24, 64);
    }

    private void Grow(int size)
    {
        while (_window.Size < size)
        {
            Commit(_window.Size, ms: 1);
        }
    }

    private void Commit(int wakes, double ms) => Commit(wakes, ms, ms);

    private void Commit(int wakes, double ms, double leastMs) => _window.Committed(wakes, TimeSpan.FromMilliseconds(ms), TimeSpan.FromMilliseconds(leastMs));
}
