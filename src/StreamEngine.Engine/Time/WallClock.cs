namespace StreamEngine.Engine.Time;

/// <summary>
/// The wall clock of one worker, watched against the monotonic one. After a jump (more than 5 s back, more than 60 s ahead) it is
/// held: it goes on from where it was, and deadlines that wait for it do not fire, until it jumps back or the hold is over.
/// </summary>
public sealed class WallClock
{
    public const long BackMsMax = 5_000;
    public const long AheadMsMax = 60_000;

    private readonly TimeProvider _time;
    private readonly long _holdMs;
    private long _baseMs;
    private long _baseTimestamp;
    private long _holdTimestamp;

    public WallClock(TimeProvider time, long holdMs)
    {
        _time = time;
        _holdMs = holdMs;
        _baseMs = NowMs = ReadMs();
        _baseTimestamp = time.GetTimestamp();
    }

    /// <summary>Unix ms at the last <see cref="Read"/>.</summary>
    public long NowMs { get; private set; }

    public bool IsHeld { get; private set; }

    /// <summary>How far the clock jumped when it was held, ms; negative is back.</summary>
    public long JumpMs { get; private set; }

    /// <returns>True when a hold began or ended with this reading.</returns>
    public bool Read()
    {
        var timestamp = _time.GetTimestamp();
        var expectedMs = _baseMs + (long)_time.GetElapsedTime(_baseTimestamp, timestamp).TotalMilliseconds;
        var wallMs = ReadMs();
        var jumpMs = wallMs - expectedMs;
        var isOff = jumpMs is < -BackMsMax or > AheadMsMax;
        var wasHeld = IsHeld;
        if (isOff && !wasHeld)
        {
            (IsHeld, JumpMs, _holdTimestamp) = (true, jumpMs, timestamp);
        }
        if (IsHeld && (!isOff || _time.GetElapsedTime(_holdTimestamp, timestamp).TotalMilliseconds >= _holdMs))
        {
            IsHeld = false;
        }
        if (IsHeld)
        {
            NowMs = expectedMs;
            return !wasHeld;
        }
        // Small drifts are followed at once, so they never add up to a jump.
        (_baseMs, _baseTimestamp, NowMs) = (wallMs, timestamp, wallMs);
        return wasHeld;
    }

    private long ReadMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
