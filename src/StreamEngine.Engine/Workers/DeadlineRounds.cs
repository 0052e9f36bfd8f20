using StreamEngine.Engine.Commits;
using StreamEngine.Engine.Deadlines;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Time;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Fires what is due in a worker's shards, round by round, a few of each shard at a time. A million overdue deadlines must not keep a new click waiting, so
/// three things end the rounds early: the time they have in a turn of the loop, those that are not committed yet, and their actions that the broker has yet
/// to acknowledge.
/// </summary>
internal sealed class DeadlineRounds(WorkerParts parts, SlotTable slots, CommitPipeline pipeline, CommitTiming timing, LogEnds logEnds, ShardOpener opener)
{
    /// <summary>Deadlines of a shard before the next one's turn and the next look at the clock: a fraction of a millisecond's work.</summary>
    private const int RoundSize = 64;

    private const int UnpublishedPerUncommitted = 4;

    /// <summary>A broker that has acknowledged nothing for so long is away: nobody's prompt leaves sooner if deadlines wait for it, so they go on and the outbox grows.</summary>
    private static readonly TimeSpan AwayAfter = TimeSpan.FromSeconds(5);

    /// <summary>Where a commit holds many clicks anyway, deadlines may add one to so many of them: a busy shard's deadlines are not to fall behind for ever.</summary>
    private const int ClicksPerDeadline = 2;

    private readonly EngineOptions _options = parts.Rules.Engine;

    /// <summary>By home: how many more may be woken.</summary>
    private readonly int[] _rooms = new int[parts.Store.Homes];
    private int _turn;
    private int _leftOfTurn = RoundSize;

    /// <summary>Something is due that only waits for the next turn of the loop.</summary>
    public bool HasMore { get; private set; }

    /// <summary>When the wall clock shows this, Unix ms, the time of a shard that has read everything comes to the wheel's next tick.</summary>
    public long NextTickMs { get; private set; }

    public void Fire(WallClock wall)
    {
        var all = slots.All;
        NextTickMs = ((wall.NowMs - _options.SettleMs) / DeadlineWheel<ResidentSession>.TickMs + 1) * DeadlineWheel<ResidentSession>.TickMs + _options.SettleMs;
        AdvanceClocks(all, wall);
        HasMore = false;
        var left = _options.DeadlinesPerLoop;
        for (var home = 0; home < _rooms.Length; home++)
        {
            _rooms[home] = Room(all, home);
        }
        var start = parts.Time.GetTimestamp();
        for (var idle = 0; idle < all.Length && left > 0 && HasRoom();)
        {
            var slot = all[_turn %= all.Length];
            ref var room = ref _rooms[parts.Store.HomeOf(slot.Id)];
            if (room <= 0 || !MayFire(slot))
            {
                NextTurn();
                idle++;
                continue;
            }
            var written = slot.Shard!.UncommittedWakes;
            var looked = FireSome(slot, Math.Min(_leftOfTurn, Math.Min(left, room)), wall.NowMs);
            left -= looked;
            room -= (slot.Shard?.UncommittedWakes ?? written) - written;
            _leftOfTurn -= looked;
            if (slot.Shard is not { HasDue: true })
            {
                NextTurn();
                idle++;
                continue;
            }
            (HasMore, idle) = (true, 0);
            // What a budget cuts short goes on with the same shard, so each gets its share.
            if (_leftOfTurn == 0)
            {
                NextTurn();
            }
            if (parts.Time.GetElapsedTime(start).TotalMilliseconds >= _options.DeadlineMsPerLoop)
            {
                return;
            }
        }
    }

    private void NextTurn() => (_turn, _leftOfTurn) = (_turn + 1, RoundSize);

    private void AdvanceClocks(ShardSlot[] all, WallClock wall)
    {
        if (wall.IsHeld || parts.CatchUp is not null)
        {
            return;
        }
        foreach (var slot in all)
        {
            if (slot.State != SlotState.Open)
            {
                continue;
            }
            slot.HasReadEverything = logEnds.HasReadEverything(slot, out var age);
            if (slot.HasReadEverything)
            {
                slot.Shard!.AdvanceTo(wall.NowMs - Math.Max(_options.SettleMs, (long)Math.Ceiling(age.TotalMilliseconds)));
            }
        }
    }

    private bool HasRoom()
    {
        foreach (var room in _rooms)
        {
            if (room > 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>How many more of a home's may be woken while that home and the broker keep up; where nobody waits, any number.</summary>
    private int Room(ShardSlot[] all, int home)
    {
        if (parts.CatchUp is not null)
        {
            return int.MaxValue;
        }
        var woken = pipeline.Wakes(home);
        var unpublished = 0L;
        var clicks = 0;
        foreach (var slot in all)
        {
            if (slot is { State: SlotState.Open, Shard: { } shard })
            {
                unpublished += parts.Time.GetElapsedTime(slot.AcknowledgedAt) < AwayAfter ? shard.Outbox.Count - shard.Outbox.Gathering : 0;
                if (parts.Store.HomeOf(slot.Id) != home)
                {
                    continue;
                }
                woken += shard.UncommittedWakes;
                clicks += shard.UncommittedClicks;
            }
        }
        var most = Math.Max(pipeline.WakesMax(home), clicks / ClicksPerDeadline);
        return unpublished >= UnpublishedPerUncommitted * most ? 0 : most - woken;
    }

    private bool MayFire(ShardSlot slot) => slot.State == SlotState.Open && !slot.Shard!.Outbox.IsFull && !(pipeline.IsFull(slot.Shard) && timing.IsFull(slot.Shard));

    private int FireSome(ShardSlot slot, int budget, long wallMs)
    {
        var shard = slot.Shard!;
        try
        {
            return shard.FireDeadlines(budget, wallMs);
        }
        catch (Exception e) when (e is not EngineFatalException)
        {
            opener.SetAside(shard, offset: -1, e);
            return 1;
        }
    }
}
