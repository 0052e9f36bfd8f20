using StreamEngine.Carts.Clicks;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Hostile;

/// <summary>Whatever lies between the clicks of a shop: its visitors are served as if it were not there.</summary>
public sealed class HostileTrafficTests
{
    public static TheoryData<string> Kinds => [.. HostileClicks.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_changes_nothing_for_others_and_every_bad_record_is_in_the_dead_letters_once(string kind) =>
        AssertUnmoved(isLogAppendTime: true, settles: true, number => number % 3 == 0 ? [HostileClicks.Make(kind, number)] : []);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_changes_nothing_where_producers_tell_the_time(string kind) =>
        AssertUnmoved(isLogAppendTime: false, settles: true, number => number % 3 == 0 ? [HostileClicks.Make(kind, number)] : []);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_changes_nothing_in_a_backlog_that_producers_timed(string kind) =>
        AssertUnmoved(isLogAppendTime: false, settles: false, number => number % 3 == 0 ? [HostileClicks.Make(kind, number)] : []);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void All_kinds_together_two_for_one_change_nothing(bool isLogAppendTime) =>
        AssertUnmoved(isLogAppendTime, settles: true, number => [HostileClicks.Make(2 * number), HostileClicks.Make(2 * number + 1)]);

    [Fact]
    public void A_visitor_with_half_of_all_traffic_is_throttled_and_changes_nothing_for_others()
    {
        var hot = new HostileClick("hostile-hot"u8.ToArray(), ClickJson.Page("product"), null);
        using var shop = AssertUnmoved(isLogAppendTime: true, settles: true, _ => Enumerable.Repeat(hot, 500));
        var stats = shop.Driver.Worker.Stats.Shards.ToList();
        var throttled = stats.Sum(static s => s.Verdicts(Verdict.Throttled));
        // A burst of 200 passes each minute in each of the two shards, and what the bucket holds again a second later.
        Assert.InRange(throttled, shop.Hostile.Count / 2, shop.Hostile.Count);
        Assert.Empty(shop.Driver.Dead);
    }

    [Fact]
    public void A_visitor_who_is_throttled_can_still_buy_and_is_not_reminded()
    {
        using var driver = new ShardDriver();
        driver.Feed("hot", ClickJson.ProductAdded("shoe", 50));
        for (var i = 0; i < 10_000; i++)
        {
            driver.Feed("hot", ClickJson.Page("product"));
        }
        driver.Feed("hot", ClickJson.OrderCompleted("o-1", 50));
        driver.Settle();
        var stats = Assert.Single(driver.Worker.Stats.Shards);
        Assert.Equal(10_001 - 200, stats.Verdicts(Verdict.Throttled));
        driver.Advance(6 * TestTactics.HourMs, stepMs: 60_000);
        Assert.Empty(driver.Actions);
        Assert.Equal("Purchased", Assert.Single(driver.Memory.Carts(0)).Phase);
    }

    private static HostileShop AssertUnmoved(bool isLogAppendTime, bool settles, Func<int, IEnumerable<HostileClick>> hostile)
    {
        using var quiet = new HostileShop(isLogAppendTime);
        quiet.Play(settles: settles).End();
        Assert.True(quiet.Decisions.Count > 30, $"the quiet shop decided {quiet.Decisions.Count} things, which proves little");
        var shop = new HostileShop(isLogAppendTime);
        shop.Play(hostile, settles).End();
        Assert.NotEmpty(shop.Hostile);
        Assert.Equal(quiet.Decisions, shop.Decisions, StringComparer.Ordinal);
        Assert.Equal(shop.ExpectedLetters, shop.Letters, StringComparer.Ordinal);
        Assert.Equal(0, shop.Driver.Worker.Stats.Reloads);
        return shop;
    }
}
