namespace StreamEngine.Engine.Commits;

/// <summary>
/// What a home's store takes for any commit, however little is in it: the least of the last few. Each of them alone may have been a large one, or have met a checkpoint.
/// </summary>
internal sealed class StorePace
{
    private readonly TimeSpan[] _last = new TimeSpan[8];
    private int _next;

    /// <summary>Zero until so many commits are known.</summary>
    public TimeSpan Least { get; private set; }

    public void Add(TimeSpan took)
    {
        _last[_next] = took;
        _next = (_next + 1) % _last.Length;
        Least = took;
        foreach (var other in _last)
        {
            Least = other < Least ? other : Least;
        }
    }
}
