namespace StreamEngine.Benchmarks.Latency;

/// <summary>
/// Who makes which click: visitors in a number of places take turns; each makes so many clicks, the last of which asks for a prompt, and then somebody else
/// takes the place. Places are out of step with each other, so one click in <paramref name="clicksPerVisit"/> asks at any time.
/// </summary>
public sealed class VisitPlan(int places, int clicksPerVisit)
{
    public int ClicksPerVisit => clicksPerVisit;

    public (long Visitor, bool IsAsking) At(long click)
    {
        var (turn, place) = Math.DivRem(click, places);
        var (visit, step) = Math.DivRem(turn + Head(place), clicksPerVisit);
        return (visit * places + place, step == clicksPerVisit - 1);
    }

    /// <returns>The click with which this visitor asks.</returns>
    public long AskingClickOf(long visitor)
    {
        var (visit, place) = Math.DivRem(visitor, places);
        var turn = (visit + 1) * clicksPerVisit - 1 - Head(place);
        return turn * places + place;
    }

    /// <summary>How many clicks the first visitor of a place has behind him when the load begins.</summary>
    private long Head(long place) => place % clicksPerVisit;
}
