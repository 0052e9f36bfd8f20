using System.Text;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Workers;

/// <summary>A turn throws, which only a bug can cause: one visitor pays, the others do not notice.</summary>
public sealed class FailingTurnTests
{
    private const long Minute = 60_000;

    private static ShardDriver Driver() => new(new DriverOptions { Tactics = FailingTactics.Set });

    [Fact]
    public void A_session_whose_deadline_cannot_be_fired_stands_still_and_the_others_go_on()
    {
        using var driver = Driver();
        driver.Feed("eve", Click("Product Viewed", locale: "xx"));
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Settle();
        driver.Advance(31 * Minute);
        Assert.Equal("ann", Assert.Single(driver.Rows).Visitor);
        Assert.Equal(1, driver.Worker.Stats.Reloads);
        Assert.Empty(driver.Dead);
        Assert.Contains(driver.Log.Lines, line => line.Contains("firing a deadline failed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_whose_turn_fails_goes_to_the_dead_letters_and_the_others_go_on()
    {
        using var driver = Driver();
        driver.Feed("ann", ClickJson.ProductAdded("shoe", 50));
        driver.Feed("eve", Click("Product Removed from Wishlist", locale: "xx"));
        driver.Feed("bob", ClickJson.ProductAdded("hat", 20));
        driver.Settle();
        var letter = Assert.Single(driver.Dead);
        Assert.Equal(1, letter.Ticket);
        Assert.Contains(new("reason", "SessionCorrupt"), letter.Headers);
        Assert.Equal(3, driver.Store.Seen[^1].NextOffset);
        driver.Advance(31 * Minute);
        Assert.Equal(["ann", "bob"], driver.Rows.Select(r => r.Visitor.ToString()), StringComparer.Ordinal);
    }

    [Fact]
    public void A_click_that_only_meets_a_failing_deadline_is_not_lost()
    {
        using var driver = Driver();
        driver.FeedAt("eve", Click("Product Viewed", locale: "xx"), FakeTime.StartMs);
        // Read in one go with what comes later, so that the click itself wakes the deadline.
        driver.FeedAt("eve", ClickJson.ProductAdded("shoe", 50), FakeTime.StartMs + 20_000);
        driver.Settle();
        Assert.Empty(driver.Dead);
        driver.Settle();
        driver.Advance(2_000);
        Assert.Equal(2, driver.Store.Seen[^1].NextOffset);
    }

    private static byte[] Click(string name, string locale) =>
        Encoding.UTF8.GetBytes($$$"""{"type":"track","event":"{{{name}}}","properties":{"product_id":"p1"},"context":{"locale":"{{{locale}}}"}}""");
}
