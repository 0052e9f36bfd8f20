using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;

namespace StreamEngine.Engine.Shards;

/// <summary>Figures of one shard. Written by its worker only; other threads read them as they are, each number whole.</summary>
public sealed class ShardStats
{
    private readonly long[] _verdicts = new long[Enum.GetValues<Verdict>().Length];
    private readonly long[] _phases = new long[CartMoves.PhaseCount];

    public long Clicks { get; private set; }

    /// <summary>Each at its own instant: one that wakes a session late may find several of it due.</summary>
    public long DeadlinesFired { get; private set; }

    /// <summary>By a deadline, or by a click that found one due.</summary>
    public long SessionsWoken { get; private set; }
    public long MisroutedKeys { get; set; }
    public long DeadlinesArmed { get; set; }
    public long LogBytes { get; set; }

    /// <summary>Sessions that were begun, of any kind.</summary>
    public long SessionsStarted { get; set; }

    /// <summary>Resident sessions that only browse and are in no log.</summary>
    public long Browsers { get; set; }

    /// <summary>Of these, how many were forgotten because there were too many.</summary>
    public long BrowsersDropped { get; set; }

    public long Verdicts(Verdict verdict) => _verdicts[(int)verdict];

    /// <summary>Resident sessions in this phase.</summary>
    public long Sessions(CartPhase phase) => _phases[(int)phase];

    public void Count(Verdict verdict)
    {
        Clicks++;
        _verdicts[(int)verdict]++;
    }

    public void CountWake(int deadlines)
    {
        SessionsWoken++;
        DeadlinesFired += deadlines;
    }

    public void Enter(CartPhase phase) => _phases[(int)phase]++;

    public void Leave(CartPhase phase) => _phases[(int)phase]--;

    /// <summary>Goes on counting where an earlier life of the same shard was.</summary>
    internal void Continue(ShardStats earlier)
    {
        Clicks += earlier.Clicks;
        DeadlinesFired += earlier.DeadlinesFired;
        SessionsWoken += earlier.SessionsWoken;
        MisroutedKeys += earlier.MisroutedKeys;
        SessionsStarted += earlier.SessionsStarted;
        BrowsersDropped += earlier.BrowsersDropped;
        for (var i = 0; i < _verdicts.Length; i++)
        {
            _verdicts[i] += earlier._verdicts[i];
        }
    }

    /// <summary>The shard has left memory: what was counted stays, what was there does not.</summary>
    internal void ClearGauges()
    {
        Array.Clear(_phases);
        (DeadlinesArmed, LogBytes, Browsers) = (0, 0, 0);
    }
}
