namespace StreamEngine.Engine.Commits;

/// <summary>
/// How many sessions of a home deadlines may have woken whose commit is not done. A new click's prompt waits for the commit that is under way, so
/// it is its time that counts: the window grows by a step with each commit that was quick, and halves with each that was not, as a sender's does who does not
/// know how fast the way is. But a store that takes long for whatever it is given, because of its disk or its replica, is no quicker with less: there the window grows
/// to what can only be a part of what it takes for anything.
/// </summary>
internal sealed class DrainWindow(int most)
{
    /// <summary>
    /// One of them is what a new click's prompt may wait for, beside its own commit. With 1 ms prompts waited 5.7 ms (p50) and 15 ms (p99), and 7,500 sessions a
    /// second woke; with 1.5 ms 6.7 to 7.1 and 17 to 22 ms, and 10,100 to 11,500; with 2 ms 6.6 to 7.7 and 18 to 22 ms, and 15,000 to 18,000. With nothing overdue they
    /// wait 5 and 9 to 10 ms, and twice that is what they may.
    /// </summary>
    private static readonly TimeSpan Goal = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// The window is half of what the store takes for anything, by what a session may cost it; the next commit takes half of the window or more. SQLite whose flushes take
    /// 10 ms, 200 new clicks a second: 3,392 sessions a second woke, and prompts waited 61 ms (p99), 1.3 times as long as with nothing overdue; beside it 4,075 and 60 ms
    /// by half of the commit's own time, without a bound, and 2,354 and 2,333 by a quarter of that, earlier; where the window went down to 16 whatever made commits slow, 631.
    /// </summary>
    private const int SlowParts = 2;

    private static readonly TimeSpan CostMax = TimeSpan.FromMicroseconds(50);

    /// <summary>
    /// A store that is slow by its sessions and not by its flushes takes longer the more it is given, and would be given the more: it is not given more than this.
    /// </summary>
    private const int SlowMost = 256;

    /// <summary>What any store gets, so that deadlines go on while a commit takes minutes; and the step that the window grows by.</summary>
    private readonly int _least = Math.Min(16, most);

    public int Size { get; private set; } = Math.Min(16, most);

    /// <summary>So many are worth a commit: the rest of the window fills the next one.</summary>
    public int Due => Math.Max(_least, Size / 2);

    /// <param name="took">How long the store worked on it.</param>
    /// <param name="least">How long it works on any.</param>
    public void Committed(int wakes, TimeSpan took, TimeSpan least)
    {
        if (wakes == 0)
        {
            return;
        }
        var worth = (int)Math.Min(Math.Min(most, SlowMost), least / CostMax / SlowParts);
        var isSlow = took > Goal;
        if (isSlow && Size >= worth)
        {
            Size = Math.Max(Math.Max(_least, worth), Size / 2);
        }
        else if (wakes >= Size / 4)
        {
            Size = Math.Min(isSlow ? worth : most, Size + _least);
        }
    }
}
