using StreamEngine.Engine.Commits;
using StreamEngine.Engine.Shards;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// When a worker's next commit is due, and of which shards: at once for an action that a person waits for and for a full one, else after a linger that follows the
/// store's own pace; within a second where only offsets or receipts moved on. While all that changed is behind the clock, nobody is served by hurry:
/// the shard is up to date soonest with few, large commits, whose sessions, carts and index pages are written once instead of several times.
/// </summary>
internal sealed class CommitTiming(EngineOptions options, TimeProvider time, bool hurriesProgress)
{
    /// <summary>A shard whose time is so far behind the wall clock reads a backlog.</summary>
    private const int BehindMs = 1_000;

    /// <summary>
    /// A backlog lingers for such a part of how far it is behind, at most <see cref="EngineOptions.BacklogLingerMsMax"/>. 2 million clicks at 100 %, SQLite, three runs each in
    /// turn: 7.26, 6.95, 7.56 us of CPU a click and 600 B to the disk with 200 ms, 6.89, 6.94, 6.41 us and 470 B with half a second, 6.41, 6.72, 6.40 us and 382 B with a second.
    /// </summary>
    private const int BehindParts = 5;

    /// <summary>
    /// So many actions of a shard are worth a commit. Where hours are overdue at once, as at the end of a replay, one commit held tens of thousands of them, in memory that was
    /// new to the process. 2 million clicks at 100 %, PostgreSQL, two runs each in turn: 170, 173 k clicks/s, 7.42, 7.42 us of CPU and 448, 470 B allocated a click without,
    /// 195, 187 k, 6.69, 6.96 us and 280, 259 B with 2,048; with 1,024 some 205 B.
    /// </summary>
    private const int ActionsDue = 1_024;

    /// <summary>A typical encoded session takes 300 B.</summary>
    private readonly int _sessionsMax = Math.Max(1, options.CommitBytesMax / 300);

    private long? _dirtySince;
    private long? _progressSince;
    private long? _yieldingSince;

    // A worker looks twice a turn, once behind its clicks and once behind its deadlines: the longer of the last two times between is how far the next look may be.
    private long _lookedAt = time.GetTimestamp();
    private TimeSpan _sinceLook;
    private TimeSpan _untilNextLook;

    public bool HasDirty => _dirtySince is not null;

    public bool IsFull(Shard shard) => shard.UncommittedClicks >= options.CommitClicksMax || shard.DirtySessions >= _sessionsMax
        || shard.UncommittedActions >= options.OutboxItemsMax;

    /// <summary>
    /// Finds the shards that a commit may start with now. Under load a commit takes longer: waiting about as long for the next one fills it better. Where only a
    /// person waits, or deadlines have woken enough, the others' rows are left for the next one.
    /// </summary>
    /// <param name="isReading">Clicks came in this turn of the loop.</param>
    /// <param name="all">Whatever waits, due or not.</param>
    /// <param name="due">Filled with them.</param>
    public void Choose(ShardSlot[] slots, CommitPipeline pipeline, bool isReading, long wallMs, bool all, List<Shard> due)
    {
        var now = time.GetTimestamp();
        CountLook(now);
        var isYielding = !all && !(_yieldingSince is { } yielding && time.GetElapsedTime(yielding, now).TotalMilliseconds >= options.LingerMsMax);
        var hasYielded = false;
        var isWhole = !isYielding;
        var isBehind = true;
        var behindMs = long.MaxValue;
        var isDirty = false;
        var hasProgress = false;
        var hasUrgent = false;
        var woken = 0;
        foreach (var slot in slots)
        {
            if (slot is not { State: SlotState.Open, Shard: { } shard } || pipeline.IsFull(shard))
            {
                continue;
            }
            if (isYielding && Yields(shard, pipeline))
            {
                hasYielded = true;
                continue;
            }
            isDirty |= shard.IsDirty;
            hasProgress |= shard.HasProgress;
            woken += shard.UncommittedWakes;
            var isLive = IsLive(shard, wallMs);
            isBehind &= !isLive || !shard.IsDirty;
            behindMs = shard.IsDirty ? Math.Min(behindMs, wallMs - shard.Clock.NowMs) : behindMs;
            hasUrgent |= shard.IsUrgent && isLive;
            isWhole |= IsFull(shard) || shard.UncommittedActions >= ActionsDue || shard.DeadLetters.IsFull;
        }
        _yieldingSince = hasYielded ? _yieldingSince ?? now : null;
        _dirtySince = isDirty ? _dirtySince ?? now : null;
        _progressSince = isDirty || hasProgress ? _progressSince ?? now : null;
        var lingerMs = isBehind
            ? Math.Min((double)behindMs / BehindParts, options.BacklogLingerMsMax)
            : Math.Clamp(pipeline.LastMs, options.LingerMsMin, options.LingerMsMax);
        isWhole |= _dirtySince is { } dirty && time.GetElapsedTime(dirty, now).TotalMilliseconds >= lingerMs;
        isWhole |= _progressSince is { } progress && time.GetElapsedTime(progress, now).TotalMilliseconds >= EngineOptions.ProgressMs;
        isWhole |= hasProgress && hurriesProgress && !isReading;
        var isDrain = woken >= pipeline.WakesDue && !isBehind;
        foreach (var slot in slots)
        {
            if (slot is { State: SlotState.Open, Shard: { } shard } && !pipeline.IsFull(shard) && !(isYielding && Yields(shard, pipeline))
                && (all || !StaysOpen(shard, pipeline, wallMs))
                && (isWhole ? shard.IsDirty || shard.HasProgress : hasUrgent ? shard.IsUrgent && IsLive(shard, wallMs) : isDrain && shard.UncommittedWakes > 0))
            {
                due.Add(shard);
            }
        }
        if (isWhole && due.Count > 0)
        {
            (_dirtySince, _progressSince) = (null, null);
        }
    }

    /// <summary>
    /// What deadlines have woken is written when nothing else is, and while it is, the second place is for those somebody waits for, who are then behind one such commit
    /// and not two: prompts beside a drain waited 20 ms at p99 until they were committed, and 27 to 36 ms when a place was anybody's (300,000 overdue sessions). Not for
    /// longer than the longest linger: where prompts never end, the others get their turn too.
    /// </summary>
    private bool Yields(Shard shard, CommitPipeline pipeline) =>
        !shard.IsUrgent && !IsFull(shard) && (shard.UncommittedWakes > 0 ? pipeline.IsUnderWay(shard) : pipeline.HasWakes(shard));

    /// <summary>
    /// While a commit is under way the next one stays open until the last look before that one's end: it could not begin sooner, and closed at once it would keep all who come
    /// later waiting for the one after it, too. SQLite whose flushes take 10 ms, click to prompt at 20, 50 and 80 % of the highest load: p50 32.7, 36.7, 37.0 and 38.1, 40.7,
    /// 46.4 ms in two runs without, 26.3, 29.1, 32.9 with; p99 63, 71, 73 and 70, 78, 91 without, 57, 61, 69 with. Nothing where commits are quick.
    /// </summary>
    private bool StaysOpen(Shard shard, CommitPipeline pipeline, long wallMs) => IsLive(shard, wallMs) && !IsFull(shard) && !pipeline.MayEndWithin(shard, _untilNextLook);

    private void CountLook(long now)
    {
        var since = time.GetElapsedTime(_lookedAt, now);
        var longer = since > _sinceLook ? since : _sinceLook;
        _untilNextLook = longer > Worker.BusyWait ? longer : Worker.BusyWait;
        (_lookedAt, _sinceLook) = (now, since);
    }

    private static bool IsLive(Shard shard, long wallMs) => shard.Clock.NowMs >= wallMs - BehindMs;
}
