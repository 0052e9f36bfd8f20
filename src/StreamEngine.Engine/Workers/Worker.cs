using StreamEngine.Carts.Clicks;
using StreamEngine.Engine.Commits;
using StreamEngine.Engine.Deadlines;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Time;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// One thread, one consumer, its shards. A turn of the loop goes through named phases, each with a budget:
/// PollClicks, FireDeadlines, StartCommit, FinishCommits, ReleaseActions. Bounds and their answers are in <see cref="EngineOptions"/>.
/// </summary>
public sealed class Worker : IShardAssignee, IDisposable
{
    /// <summary>So long a worker waits for a click at most while something is under way.</summary>
    internal static readonly TimeSpan BusyWait = TimeSpan.FromMilliseconds(1);

    private readonly WorkerParts _parts;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly WallClock _wall;
    private readonly ClickParser _parser;
    private readonly SlotTable _slots;
    private readonly ShardOpener _opener;
    private readonly CommitPipeline _pipeline;
    private readonly CommitTiming _timing;
    private readonly DeadlineRounds _rounds;
    private readonly Publisher _publisher;
    private readonly OutboxPages _pages;
    private readonly TopicGuard _guard;
    private readonly ProgressReport _report;
    private readonly ReadBrake _brake;
    private readonly Lookahead _lookahead;
    private readonly List<Shard> _toCommit = [];
    private readonly AutoResetEvent _commitDone = new(false);

    // Made once: a method handed over by name allocates every time.
    private readonly Func<Shard, bool> _isOpen;
    private readonly Action<Shard, ShardCommit> _onOutcome;
    private bool _readSomething;

    public Worker(WorkerParts parts)
    {
        _parts = parts;
        _options = parts.Rules.Engine;
        _time = parts.Time;
        _wall = new WallClock(parts.Time, _options.ClockHoldMs);
        _parser = new ClickParser(parts.Clicks);
        _slots = new SlotTable(_options.BrowsersMax / Math.Max(1, _options.Workers));
        _pipeline = new CommitPipeline(parts.Store, parts.Time, _options.DeadlinesUncommittedMax, parts.StartRead, OnBatchDone);
        _timing = new CommitTiming(_options, parts.Time, hurriesProgress: parts.CatchUp is not null);
        _opener = new ShardOpener(parts, _slots, _pipeline, Stats);
        _rounds = new DeadlineRounds(parts, _slots, _pipeline, _timing, new LogEnds(parts.Source), _opener);
        _publisher = new Publisher(parts, _slots, _pipeline, Stats);
        _pages = new OutboxPages(parts, _slots);
        _guard = new TopicGuard(parts, _slots, _opener);
        _report = new ProgressReport(_slots, Stats.Progress, parts.Time);
        _lookahead = new Lookahead(_slots);
        _brake = new ReadBrake(parts, _slots, _pipeline, _timing);
        _isOpen = _slots.IsOpen;
        _onOutcome = OnOutcome;
    }

    public WorkerStats Stats { get; } = new();

    /// <summary>All that was read is handled, committed and published, and nothing is due in shard time.</summary>
    public bool IsQuiet
    {
        get
        {
            foreach (var slot in _slots.All)
            {
                if (slot.State is SlotState.Waiting or SlotState.Loading || (slot.State == SlotState.Open && !slot.Shard!.IsQuiet))
                {
                    return false;
                }
            }
            return !_readSomething && _pipeline.InFlight == 0;
        }
    }

    /// <summary>Joins and works until told to stop; then commits, publishes and leaves. For one thread of its own.</summary>
    public void Run(CancellationToken stop)
    {
        _parts.Source.Start(this);
        while (!stop.IsCancellationRequested && _parts.CatchUp is not { IsDone: true })
        {
            RunOnce();
        }
        _parts.Source.BeginLeave();
        Drain();
        // Now and on this thread: the group gives the shards away without waiting for the node's other workers.
        _parts.Source.Dispose();
    }

    public void Start() => _parts.Source.Start(this);

    /// <summary>One turn of the loop.</summary>
    public void RunOnce()
    {
        ReadWallClock();
        _opener.OpenLoadedShards();
        PollClicks();
        if (_readSomething)
        {
            // A prompt that was just asked for does not wait for the rounds of deadlines.
            StartCommit(force: false);
        }
        // The poll may have waited: by the clock of before it, what came due meanwhile would fire a turn later.
        ReadWallClock();
        _rounds.Fire(_wall);
        // Deadlines' rows wait for what is under way, which may be done by now.
        FinishCommits();
        StartCommit(force: false);
        FinishCommits();
        ReleaseActions();
        MarkCaughtUp();
        _report.MaybePublish();
    }

    /// <summary>For a source that has ended, all of it read: the time of every open shard goes on to this, so that what is due by then fires.</summary>
    public void AdvanceTo(long timeMs)
    {
        foreach (var slot in _slots.All)
        {
            if (slot.State == SlotState.Open)
            {
                slot.Shard!.AdvanceTo(timeMs);
            }
        }
    }

    /// <summary>Commits and publishes what is done, and leaves.</summary>
    public void Drain()
    {
        LetGo();
        foreach (var slot in _slots.All)
        {
            _slots.Remove(slot.Id);
            _slots.SetOpen(slot.Id, null);
        }
    }

    public void Dispose()
    {
        _parts.Source.Dispose();
        _parts.Outlet.Dispose();
        _commitDone.Dispose();
    }

    public void OnAssigned(IReadOnlyList<int> shards)
    {
        _report.Joined();
        foreach (var shard in shards)
        {
            _guard.CheckPartition(shard);
            _slots.Add(shard);
        }
    }

    public void OnRevoked(IReadOnlyList<int> shards)
    {
        LetGo();
        foreach (var shard in shards)
        {
            if (_slots.OpenShard(shard) is { } open)
            {
                _parts.Logger.GivenUp(shard, open.CommitSeq);
            }
        }
        OnLost(shards);
    }

    public void OnLost(IReadOnlyList<int> shards)
    {
        foreach (var shard in shards)
        {
            if (_slots.Remove(shard) is { } slot)
            {
                _opener.GiveUp(slot);
            }
        }
    }

    public void OnEndReached(int shard, long offset)
    {
        _guard.OnEndReached(shard, offset);
        _slots.OpenShard(shard)?.StepTo(offset);
    }

    public void OnOffsetMissing(int shard, string found) => _guard.OnOffsetMissing(shard, found);

    private void ReadWallClock()
    {
        if (!_wall.Read())
        {
            return;
        }
        if (_wall.IsHeld)
        {
            _parts.Logger.ClockHeld(_wall.JumpMs, _options.ClockHoldMs);
        }
        else
        {
            _parts.Logger.ClockTrusted();
        }
    }

    private void PollClicks()
    {
        _readSomething = false;
        _brake.PauseFullShards();
        if (_brake.WaitsForStore())
        {
            _commitDone.WaitOne(BusyWait);
            return;
        }
        var wait = _rounds.HasMore ? TimeSpan.Zero : _pipeline.InFlight > 0 || _timing.HasDirty ? BusyWait : UntilTick();
        for (var i = 0; i < _options.ClicksPerLoop; i++)
        {
            if (!_parts.Source.TryRead(_readSomething ? TimeSpan.Zero : wait, out var record))
            {
                return;
            }
            _readSomething = true;
            _lookahead.Step(record);
            if (_slots.OpenShard(record.Shard) is not { } shard)
            {
                continue;
            }
            if (record.Offset < shard.NextOffset)
            {
                _guard.Compare(shard, record);
                continue;
            }
            try
            {
                shard.Handle(record, _parser, _wall.NowMs);
            }
            catch (Exception e) when (e is not EngineFatalException)
            {
                _opener.SetAside(shard, record.Offset, e);
                return;
            }
            if (_timing.IsFull(shard) || shard.DeadLetters.IsFull)
            {
                return;
            }
        }
    }

    /// <summary>Woken with the wheel's ticks, an idle worker is awake as often as at any other times, and no deadline waits for it.</summary>
    private TimeSpan UntilTick() => TimeSpan.FromMilliseconds(Math.Clamp(_rounds.NextTickMs - _wall.NowMs, 0, DeadlineWheel<ResidentSession>.TickMs));

    private void StartCommit(bool force)
    {
        _pipeline.Submit(_isOpen);
        _toCommit.Clear();
        _timing.Choose(_slots.All, _pipeline, _readSomething, _wall.NowMs, force, _toCommit);
        if (_toCommit.Count == 0)
        {
            return;
        }
        _publisher.SendDeadLetters();
        _pipeline.Build(_toCommit);
        _pipeline.Submit(_isOpen);
    }

    private void FinishCommits()
    {
        _pipeline.Finish(_onOutcome);
        Stats.LastCommitMs = _pipeline.LastMs;
    }

    private void OnOutcome(Shard shard, ShardCommit commit)
    {
        if (!_slots.IsOpen(shard))
        {
            // Given up meanwhile: what was written stands, and whoever has the shard now publishes it.
            if (commit.Outcome == CommitOutcome.Committed)
            {
                Stats.Add(commit);
            }
            else if (commit.Outcome == CommitOutcome.Fenced && _slots.Find(shard.Id) is null)
            {
                // Where the shard is still ours, we read it back ourselves and raised its epoch.
                CountFenced(shard);
            }
            return;
        }
        var slot = _slots.Find(shard.Id)!;
        switch (commit.Outcome)
        {
            case CommitOutcome.Committed:
                OnCommitted(slot, shard, commit);
                break;
            case CommitOutcome.Fenced:
                CountFenced(shard);
                // Should the group still think that it is ours, a later take-over raises the epoch again; what the other owner has published is not known here.
                slot.IsNew = true;
                _opener.Reload(slot, _options.RetryMsMax);
                break;
            default:
                _opener.ReloadAfter(slot, commit);
                break;
        }
    }

    private void CountFenced(Shard shard)
    {
        Stats.Fenced++;
        _parts.Logger.Fenced(shard.Id, shard.Epoch);
    }

    private void OnCommitted(ShardSlot slot, Shard shard, ShardCommit commit)
    {
        slot.RetryMs = 0;
        Stats.Add(commit);
        shard.Outbox.Add(commit);
        _parts.Source.ReportCommitted(shard.Id, commit.NextOffset);
    }

    private void ReleaseActions()
    {
        _publisher.SendDeadLetters();
        _publisher.SendActions();
        _publisher.TakeReceipts();
        _pages.Turn();
    }

    private void MarkCaughtUp()
    {
        if (_parts.CatchUp is not { } goal)
        {
            return;
        }
        foreach (var slot in _slots.All)
        {
            var isThere = slot is { State: SlotState.Open, ComparesLast: false, Shard: { IsQuiet: true } shard }
                && Math.Max(0, shard.NextOffset) >= goal.Goal(slot.Id) && !_pipeline.Concerns(shard);
            if (isThere)
            {
                goal.MarkDone(slot.Id);
            }
        }
    }

    /// <summary>
    /// Commits what is done, publishes what is committed and commits that too: what is not known to be published, the next owner has to look for. All of it within
    /// <see cref="EngineOptions.GiveUpMs"/>, of which the last quarter is kept for the last commit; nothing is sent after it.
    /// </summary>
    private void LetGo()
    {
        var start = _time.GetTimestamp();
        var limit = TimeSpan.FromMilliseconds(_options.GiveUpMs);
        CommitOpenShards(start, limit);
        _publisher.SendAll(limit * 0.75 - _time.GetElapsedTime(start));
        CommitOpenShards(start, limit);
    }

    private void CommitOpenShards(long start, TimeSpan limit)
    {
        do
        {
            StartCommit(force: true);
            _publisher.SendDeadLetters();
            FinishCommits();
            _publisher.TakeReceipts();
        }
        while ((_pipeline.InFlight > 0 || _slots.HasUncommitted) && _time.GetElapsedTime(start) < limit && WaitABit());

        bool WaitABit()
        {
            _commitDone.WaitOne(BusyWait);
            return true;
        }
    }

    /// <summary>Wakes a worker that waits for the store. On the store's thread, which must survive a worker that has left before its last commit was done.</summary>
    private void OnBatchDone()
    {
        try
        {
            _commitDone.Set();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }
}
