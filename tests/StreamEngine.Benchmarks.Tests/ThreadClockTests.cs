using StreamEngine.Benchmarks.Outage;

namespace StreamEngine.Benchmarks.Tests;

public sealed class ThreadClockTests
{
    [Fact]
    public void Work_of_a_thread_is_found_by_its_name_and_by_no_other()
    {
        var read = TimeSpan.Zero;
        var thread = new Thread(() =>
        {
            while (read == TimeSpan.Zero)
            {
                read = ThreadClock.Read("no-such", "clock-test");
            }
        })
        {
            Name = "clock-test",
        };
        thread.Start();
        thread.Join();
        Assert.True(read > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, ThreadClock.Read("no-such"));
    }
}
