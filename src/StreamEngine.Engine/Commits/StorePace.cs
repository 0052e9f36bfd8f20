namespace StreamEngine.Engine.Commits;

/// <summary>
/// What a home's store takes for any commit, however little is in it: the least of the last few, from hand-over to outcome. Each of them alone may have been a large one, or have met a checkpoint:
/// with the last one's time prompts took 17.0 and 18.2 ms (p50, 80 % of the highest load, quick commits) that had taken 14.6 to 17.9, with the least of eight 13.9 and 15.1.
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
