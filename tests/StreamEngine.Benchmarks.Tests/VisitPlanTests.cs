using StreamEngine.Benchmarks.Latency;

namespace StreamEngine.Benchmarks.Tests;

public sealed class VisitPlanTests
{
    private const int Places = 30;
    private const int ClicksPerVisit = 4;

    private readonly VisitPlan _plan = new(Places, ClicksPerVisit);

    [Fact]
    public void Whose_answer_it_is_tells_which_click_asked()
    {
        for (var click = 0L; click < 1_000; click++)
        {
            var (visitor, isAsking) = _plan.At(click);
            Assert.Equal(isAsking, _plan.AskingClickOf(visitor) == click);
        }
    }

    [Fact]
    public void A_visitor_makes_all_his_clicks_and_asks_with_the_last()
    {
        var clicks = Enumerable.Range(0, 10_000).Select(click => (Click: (long)click, Who: _plan.At(click)))
            .GroupBy(static one => one.Who.Visitor, static one => (one.Click, one.Who.IsAsking)).Where(group => group.Key >= Places && _plan.AskingClickOf(group.Key) < 10_000).ToList();
        Assert.NotEmpty(clicks);
        Assert.All(clicks, static visit => Assert.Equal([false, false, false, true], visit.OrderBy(static one => one.Click).Select(static one => one.IsAsking)));
    }

    [Fact]
    public void At_any_time_one_click_in_a_visits_length_asks()
    {
        var asking = Enumerable.Range(0, 4_000).Select(click => _plan.At(click).IsAsking).ToList();
        for (var start = 0; start + 200 <= asking.Count; start += 100)
        {
            Assert.InRange(asking.Skip(start).Take(200).Count(static isAsking => isAsking), 40, 60);
        }
    }
}
