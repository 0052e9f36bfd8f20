using StreamEngine.Benchmarks.Deadlines;

namespace StreamEngine.Benchmarks.Tests;

public sealed class DeadlinePlanTests
{
    [Fact]
    public void Whoever_visits_the_cart_page_does_so_once_and_does_nothing_else()
    {
        var plan = new DeadlinePlan(Sessions: 5_000, Rate: 1_000, Seconds: 10, Workers: 1);
        var clicks = Enumerable.Range(0, plan.Clicks).Select(plan.At).ToList();
        var onCartPage = clicks.Where(static click => click.IsOnCartPage).Select(static click => click.Visitor).ToList();
        var others = clicks.Where(static click => !click.IsOnCartPage).Select(static click => click.Visitor).ToHashSet();
        Assert.Equal(plan.Prompts, onCartPage.Count);
        Assert.Equal(onCartPage, onCartPage.Distinct());
        Assert.Empty(onCartPage.Intersect(others));
        Assert.All(others, visitor => Assert.InRange(visitor, plan.Prompts, plan.Sessions - 1));
        // Spread over everybody, not a few.
        Assert.True(others.Count > (plan.Sessions - plan.Prompts) / 2, $"{others.Count} visitors");
    }
}
