using StreamEngine.Carts;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine.Deadlines;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

public sealed class IdleTests
{
    private const int SettleMs = 5;
    private const int DwellMs = 5_000;
    private const int TickMs = DeadlineWheel<object>.TickMs;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(9)]
    public void An_idle_worker_wakes_with_the_wheel_and_no_deadline_waits_for_it(int phaseMs)
    {
        using var driver = new ShardDriver(new DriverOptions
        {
            Engine = new EngineOptions { LingerMsMin = 0, LingerMsMax = 0, SettleMs = SettleMs },
            Tactics = TacticSet.Compile(TacticExamples.Set(TacticExamples.Dwell("cart-chat", PageType.Cart, DwellMs)), Currency.Parse("EUR")),
        });
        driver.Time.Advance(phaseMs);
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Feed("ann", ClickJson.Page("cart"));
        var dueMs = driver.Time.NowMs + DwellMs;
        driver.Settle();
        driver.Source.Waiting = wait => driver.Time.Advance((long)wait.TotalMilliseconds);
        var polls = driver.Source.Polls;
        while (driver.Rows.Count == 0)
        {
            driver.Worker.RunOnce();
        }
        Assert.Equal((dueMs + TickMs - 1) / TickMs * TickMs + SettleMs, driver.Time.NowMs);
        Assert.InRange(driver.Source.Polls - polls, 0, DwellMs / TickMs + 5);
    }
}
