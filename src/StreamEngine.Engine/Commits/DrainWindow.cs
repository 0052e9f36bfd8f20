namespace StreamEngine.Engine.Commits;

/// <summary>
/// How many sessions of a home deadlines may have woken whose commit is not done. A new click's prompt waits for the commits that are under way, two at most, so
/// it is their time that counts: the window grows by a step with each commit that was quick, and halves with each that was not, as a sender's does who does not
/// know how fast the way is.
/// </summary>
internal sealed class DrainWindow(int most)
{
    /// <summary>
    /// Two of them are what a new click's prompt may wait for. With 8 ms prompts waited 22 ms (p50), and 10,500 to 13,500 sessions a second woke; with 3 ms 11 to 12 ms,
    /// and 6,600 to 9,400.
    /// </summary>
    private static readonly TimeSpan Goal = TimeSpan.FromMilliseconds(3);

    /// <summary>What a slow store gets too, so that deadlines go on while a commit takes minutes; and the step that the window grows by.</summary>
    private readonly int _least = Math.Min(16, most);

    public int Size { get; private set; } = Math.Min(16, most);

    /// <summary>So many are worth a commit: the rest of the window fills the next one.</summary>
    public int Due => Math.Max(_least, Size / 2);

    /// <param name="took">How long the store worked on it.</param>
    public void Committed(int wakes, TimeSpan took)
    {
        if (wakes == 0)
        {
            return;
        }
        if (took > Goal)
        {
            Size = Math.Max(_least, Size / 2);
        }
        else if (wakes >= Size / 4)
        {
            Size = Math.Min(most, Size + _least);
        }
    }
}
