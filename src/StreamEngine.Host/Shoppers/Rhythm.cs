using StreamEngine.Carts.Sessions;

namespace StreamEngine.Host.Shoppers;

/// <summary>
/// The pauses of a shopper. Within a visit they are log-normal as recorded (median 33 s, p90 114 s, p99 377 s), but never long enough to
/// change what the script says: a quarter of the idle time at most, half of the exit time after a Page Left.
/// </summary>
internal sealed class Rhythm(SessionOptions sessions)
{
    /// <summary>What a return adds to the exit time at most.</summary>
    private const long ReturnSpreadMs = 3 * 3_600_000L;

    private static readonly LogNormal s_gapMs = new(median: 34_000, p90: 118_000, min: 1_000, max: long.MaxValue / 0x10000);

    /// <summary>A second delivery may come this much later; it must not carry a visit over its idle time.</summary>
    public long DuplicateMsMax { get; } = Math.Min(90_000, sessions.IdleAfterMs / 4);

    private readonly long _gapMsMax = sessions.IdleAfterMs / 4;
    private readonly long _awayMsMax = Math.Min(sessions.ExitAfterMs / 2, sessions.IdleAfterMs / 4);
    private readonly long _returnAfterMs = ReturnAfterMs(sessions);

    /// <summary>Nobody returns sooner after leaving a cart: by then it is abandoned for certain.</summary>
    public static long ReturnAfterMs(SessionOptions sessions)
    {
        var abandonedAfterMs = Math.Max(sessions.IdleAfterMs, sessions.ExitAfterMs);
        return abandonedAfterMs + Math.Max(120_000, abandonedAfterMs / 10);
    }

    public long Gap(ref SeededRandom random) => Math.Min(s_gapMs.Sample(ref random), _gapMsMax);

    /// <summary>From a Page Left to the return in the same visit.</summary>
    public long Away(ref SeededRandom random) => Math.Min(s_gapMs.Sample(ref random), _awayMsMax);

    /// <summary>Between two calls for one page.</summary>
    public long Blink(ref SeededRandom random) => random.Between(150, 900);

    /// <summary>From the end of a visit to a return after the abandonment. Well inside of <see cref="SessionOptions.RecoveredWithinMs"/>.</summary>
    public long Return(ref SeededRandom random) =>
        _returnAfterMs + random.Between(0, Math.Min(ReturnSpreadMs, sessions.RecoveredWithinMs / 2 - _returnAfterMs));

    /// <summary>A late click overtaken by others is delivered this much later at most: the silence it leaves stays below half of the idle time.</summary>
    public long Late(ref SeededRandom random) => random.Between(1_500, Math.Min(120_000, _gapMsMax));
}
