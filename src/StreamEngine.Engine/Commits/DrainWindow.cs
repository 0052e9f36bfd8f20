namespace StreamEngine.Engine.Commits;

/// <summary>
/// How many sessions of a home deadlines may have woken whose commit is not done. A new click's prompt waits for the commit that is under way, so
/// it is its time that counts: the window grows by a step with each commit that was quick, and halves with each that was not, as a sender's does who does not
/// know how fast the way is.
/// </summary>
internal sealed class DrainWindow(int most)
{
    /// <summary>
    /// One of them is what a new click's prompt may wait for, beside its own commit. With 1 ms prompts waited 5.7 ms (p50) and 15 ms (p99), and 7,500 sessions a
    /// second woke; with 1.5 ms 6.7 to 7.1 and 17 to 22 ms, and 10,100 to 11,500; with 2 ms 6.6 to 7.7 and 18 to 22 ms, and 15,000 to 18,000. With nothing overdue they
    /// wait 5 and 9 to 10 ms, and twice that is what they may.
    /// </summary>
    private static readonly TimeSpan Goal = TimeSpan.FromMilliseconds(1);

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
