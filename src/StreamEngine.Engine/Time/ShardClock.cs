namespace StreamEngine.Engine.Time;

/// <summary>
/// The time of one shard, in Unix ms. While there is something left to read it is the largest record time seen; only a shard that has read
/// everything may follow the wall clock. So a purchase in the backlog is always read before a deadline behind it fires. Never runs backwards.
/// </summary>
public sealed class ShardClock
{
    public const long BackMsMax = 24 * 3_600_000L;
    public const long AheadMsMax = 60_000;

    /// <summary>How far a broker's stamp is trusted ahead of the shard's time where the wall clock is not.</summary>
    public const long StampAheadMsMax = 24 * 3_600_000L;
    public const long JumpMs = 3_600_000;

    /// <summary>2000-01-01: no click was made before.</summary>
    public const long EarliestMs = 946_684_800_000;

    /// <summary>So many records in a row must agree before a jump counts: one producer's wrong clock must not drag a backlog along.</summary>
    public const int AgreeingRecords = 8;

    private long _jumpMs;
    private int _agreeing;

    public ShardClock(long nowMs) => NowMs = nowMs;

    /// <summary>0 before the first record.</summary>
    public long NowMs { get; private set; }

    /// <summary>Takes the time of the next record of the partition.</summary>
    /// <returns>
    /// The record's time, clamped to [shard time - 24 h, wall clock + 1 min]. It is ahead of <see cref="NowMs"/> while a jump has not been
    /// confirmed, and where the record is ahead of the wall clock: the visitor was active then, but nothing else may happen by that time yet.
    /// Where the wall clock has gone back behind the shard's time, the broker's stamp counts up to a day ahead: else every click would be older than what came before.
    /// </returns>
    public long Observe(long recordMs, bool isLogAppendTime, long wallMs)
    {
        if (recordMs <= 0)
        {
            NowMs = NowMs == 0 ? wallMs : NowMs;
            return NowMs;
        }
        var hasWallGoneBack = wallMs + WallClock.BackMsMax < NowMs;
        var latestMs = isLogAppendTime && hasWallGoneBack ? NowMs + StampAheadMsMax : wallMs + AheadMsMax;
        var clampedMs = Math.Max(Math.Min(recordMs, latestMs), NowMs - BackMsMax);
        if (!isLogAppendTime && (recordMs < EarliestMs || recordMs > wallMs + AheadMsMax))
        {
            // A clock that is wrong for certain says nothing about the shard, however near the clamped time looks and however many agree.
            return clampedMs;
        }
        if (clampedMs <= NowMs + JumpMs || isLogAppendTime || NowMs == 0)
        {
            AdvanceTo(Math.Min(clampedMs, wallMs));
            _agreeing = 0;
            return clampedMs;
        }
        _agreeing = Math.Abs(clampedMs - _jumpMs) <= JumpMs ? _agreeing + 1 : 1;
        _jumpMs = clampedMs;
        if (_agreeing == AgreeingRecords)
        {
            AdvanceTo(Math.Min(clampedMs, wallMs));
            _agreeing = 0;
        }
        return clampedMs;
    }

    /// <summary>Goes on to this time, if it is later: where everything is read, to the wall clock's.</summary>
    public void AdvanceTo(long timeMs) => NowMs = Math.Max(NowMs, timeMs);
}
