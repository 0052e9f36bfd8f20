using Microsoft.Extensions.Logging;
using StreamEngine.Carts.Clicks;
using StreamEngine.Engine.Commits;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Time;

namespace StreamEngine.Engine.Workers;

/// <summary>What a worker works with. The source and the outlet are its own; the store serves all workers of a node.</summary>
public sealed record WorkerParts(
    IClickSource Source, IActionOutlet Outlet, IShardStore Store, ShardRules Rules, ClickOptions Clicks, string Owner, TimeProvider Time, ILogger Logger)
{
    /// <summary>Null for a worker that never ends by itself.</summary>
    public CatchUp? CatchUp { get; init; }

    /// <summary>False loads shards inside the loop: for tests, which want one thread.</summary>
    public bool LoadsBeside { get; init; } = true;
}

/// <summary>
/// One thread, one consumer, its shards. A turn of the loop goes through named phases, each with a budget:
/// PollClicks, FireDeadlines, StartCommit, FinishCommits, ReleaseActions. Bounds and their answers are in <see cref="EngineOptions"/>.
/// </summary>
public sealed partial class Worker : IShardAssignee, IDisposable
{
    private const int ProgressMs = 1_000;
    private static readonly TimeSpan BusyWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(10);

    private readonly WorkerParts _parts;
    private readonly EngineOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly WallClock _wall;
    private readonly ClickParser _parser;
    private readonly ShardLoader _loader;
    private readonly CommitPipeline _pipeline;
    private readonly SortedDictionary<int, ShardSlot> _slots = [];
    private readonly List<Shard> _toCommit = [];
    private readonly List<ShardSlot> _open = [];
    private Shard?[] _byPartition = [];
    private readonly AutoResetEvent _commitDone = new(false);
    private long _dirtySince;
    private long _progressSince;
    private long _fullSince;
    private bool _readSomething;
    private bool _isLeaving;

    public Worker(WorkerParts parts)
    {
        _parts = parts;
        _options = parts.Rules.Engine;
        _logger = parts.Logger;
        _time = parts.Time;
        _wall = new WallClock(parts.Time, _options.ClockHoldMs);
        _parser = new ClickParser(parts.Clicks);
        _loader = new ShardLoader(parts.Store, parts.Rules, parts.Owner);
        _pipeline = new CommitPipeline(parts.Store, parts.Time, () => _commitDone.Set());
    }

    public WorkerStats Stats { get; } = new();

    /// <summary>All that was read is handled, committed and published, and nothing is due in shard time.</summary>
    public bool IsQuiet
    {
        get
        {
            foreach (var slot in _slots.Values)
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
        Drain();
    }

    public void Start() => _parts.Source.Start(this);

    /// <summary>One turn of the loop.</summary>
    public void RunOnce()
    {
        ReadWallClock();
        OpenLoadedShards();
        PollClicks();
        FireDeadlines();
        StartCommit(force: false);
        FinishCommits();
        ReleaseActions();
        MarkCaughtUp();
    }

    /// <summary>For a source that has ended, all of it read: the time of every open shard goes on to this, so that what is due by then fires.</summary>
    public void AdvanceTo(long timeMs)
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.State == SlotState.Open)
            {
                slot.Shard!.Clock.AdvanceTo(timeMs);
            }
        }
    }

    /// <summary>Commits what is done, publishes what is committed and commits that too, within the time a revoked shard has.</summary>
    public void Drain()
    {
        var start = _time.GetTimestamp();
        CommitOpenShards(start);
        _parts.Outlet.Flush(Left(start));
        TakeReceipts();
        CommitOpenShards(start);
        // What the shards showed last stays to be seen.
        _isLeaving = true;
        OnLost([.. _slots.Keys]);
    }

    public void Dispose()
    {
        _parts.Source.Dispose();
        _parts.Outlet.Dispose();
        _commitDone.Dispose();
    }

    public void OnAssigned(IReadOnlyList<int> shards)
    {
        foreach (var shard in shards)
        {
            _slots.TryAdd(shard, new ShardSlot(shard));
        }
    }

    public void OnRevoked(IReadOnlyList<int> shards)
    {
        CommitOpenShards(_time.GetTimestamp());
        foreach (var shard in shards)
        {
            if (_slots.TryGetValue(shard, out var slot) && slot is { State: SlotState.Open, Shard: { } open })
            {
                LogGivenUp(shard, open.Epoch);
            }
        }
        OnLost(shards);
    }

    public void OnLost(IReadOnlyList<int> shards)
    {
        foreach (var shard in shards)
        {
            if (_slots.Remove(shard, out var slot))
            {
                Close(slot);
            }
        }
    }

    public void OnOffsetMissing(int shard, string found)
    {
        if (_slots.TryGetValue(shard, out var slot))
        {
            Stop(slot, $"{found}. Clicks are missing: decide where to go on, then start again.");
        }
    }

    private void ReadWallClock()
    {
        if (!_wall.Read())
        {
            return;
        }
        if (_wall.IsHeld)
        {
            LogClockHeld(_wall.JumpMs, _options.ClockHoldMs);
        }
        else
        {
            LogClockTrusted();
        }
    }

    private void OpenLoadedShards()
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.State == SlotState.Waiting && _time.GetTimestamp() >= slot.RetryAt && !IsCommitting(slot))
            {
                slot.Shard = null;
                slot.Load = Task.Run(() => _loader.Load(slot.Id, slot.Faults));
                if (!_parts.LoadsBeside)
                {
                    ((IAsyncResult)slot.Load).AsyncWaitHandle.WaitOne();
                }
                slot.State = SlotState.Loading;
            }
            if (slot.State == SlotState.Loading && slot.Load!.IsCompleted)
            {
                Open(slot, slot.Load);
            }
        }
    }

    /// <summary>A shard that is read back must not race its own commits that are still under way.</summary>
    private bool IsCommitting(ShardSlot slot) => slot.Shard is { } old && _pipeline.Concerns(old);

    private void Open(ShardSlot slot, Task<Shard> load)
    {
        slot.Load = null;
        if (load.IsFaulted)
        {
            var error = load.Exception.GetBaseException();
            if (error is EngineFatalException)
            {
                throw error;
            }
            // A full disk, a locked file, a damaged log: somebody may mend it while the other shards go on.
            Wait(slot, NextRetryMs(slot));
            LogLoadFailed(slot.Id, error.Message, slot.RetryMs);
            Stats.Stop(slot.Id, error.Message);
            return;
        }
        var shard = load.Result;
        (slot.Shard, slot.State, slot.IsPaused) = (shard, SlotState.Open, false);
        (slot.LogEndAtStart, slot.AskLogEndAt) = (-1, 0);
        if (_byPartition.Length <= slot.Id)
        {
            Array.Resize(ref _byPartition, slot.Id + 1);
        }
        _byPartition[slot.Id] = shard;
        Stats.Open(shard);
        _parts.Source.ReadFrom(slot.Id, shard.NextOffset);
        LogTakenOver(slot.Id, shard.Epoch, shard.SessionCount, shard.NextOffset, shard.Outbox.Count);
    }

    private void PollClicks()
    {
        _readSomething = false;
        PauseFullShards();
        if (WaitsForStore())
        {
            _commitDone.WaitOne(BusyWait);
            return;
        }
        var wait = _pipeline.InFlight > 0 || _dirtySince != 0 ? BusyWait : IdleWait;
        for (var i = 0; i < _options.ClicksPerLoop; i++)
        {
            if (!_parts.Source.TryRead(_readSomething ? TimeSpan.Zero : wait, out var record))
            {
                return;
            }
            _readSomething = true;
            if (record.Shard >= _byPartition.Length || _byPartition[record.Shard] is not { } shard || record.Offset < shard.NextOffset)
            {
                continue;
            }
            try
            {
                shard.Handle(record, _parser, _wall.NowMs);
            }
            catch (Exception e) when (e is not EngineFatalException)
            {
                LogTurnFailed(e, shard.Id, record.Offset);
                shard.Faults.Poison(record.Offset);
                BlameDeadline(shard);
                Reload(_slots[shard.Id], retryMs: 0);
                return;
            }
            if (shard.UncommittedClicks >= _options.CommitClicksMax || shard.DeadLetters.IsFull)
            {
                return;
            }
        }
    }

    /// <summary>A shard whose messages do not leave stops reading; the others and the group membership go on.</summary>
    private void PauseFullShards()
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.State != SlotState.Open)
            {
                continue;
            }
            // Pausing throws away what the client has fetched ahead, so a full commit pauses only after a second.
            var isFull = slot.Shard!.Outbox.IsFull || slot.Shard.DeadLetters.IsFull || (_fullSince != 0 && Elapsed(_fullSince) >= ProgressMs);
            if (isFull == slot.IsPaused)
            {
                continue;
            }
            slot.IsPaused = isFull;
            if (isFull)
            {
                _parts.Source.Pause(slot.Id);
            }
            else
            {
                _parts.Source.Resume(slot.Id);
            }
        }
    }

    /// <summary>Two commits are under way and the next is full: waits for the store, first without reading, then with everything paused and the poll going on.</summary>
    private bool WaitsForStore()
    {
        var isFull = false;
        foreach (var slot in _slots.Values)
        {
            isFull |= slot.State == SlotState.Open && _pipeline.IsFull && IsFullCommit(slot.Shard!);
        }
        _fullSince = isFull ? (_fullSince == 0 ? _time.GetTimestamp() : _fullSince) : 0;
        return isFull && Elapsed(_fullSince) < ProgressMs;
    }

    private bool IsFullCommit(Shard shard) => shard.UncommittedClicks >= _options.CommitClicksMax || shard.DirtySessions >= CommitSessionsMax;

    private double Elapsed(long since) => _time.GetElapsedTime(since).TotalMilliseconds;

    /// <summary>A typical encoded session takes 300 B.</summary>
    private int CommitSessionsMax => _options.CommitBytesMax / 300;

    private void FireDeadlines()
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.State != SlotState.Open || slot.Shard!.Outbox.IsFull || (_pipeline.IsFull && IsFullCommit(slot.Shard)))
            {
                continue;
            }
            var shard = slot.Shard;
            if (!_wall.IsHeld && _parts.CatchUp is null && HasReadEverything(slot))
            {
                shard.Clock.AdvanceTo(_wall.NowMs - _options.SettleMs);
            }
            try
            {
                shard.FireDeadlines(_options.DeadlinesPerLoop, _wall.NowMs);
            }
            catch (Exception e) when (e is not EngineFatalException)
            {
                LogDeadlineFailed(e, shard.Id);
                BlameDeadline(shard);
                Reload(slot, retryMs: 0);
            }
        }
    }

    /// <summary>Nothing known is unread: neither of what was there at take-over nor of what the client has heard of since.</summary>
    private bool HasReadEverything(ShardSlot slot)
    {
        var shard = slot.Shard!;
        if (slot.LogEndAtStart < 0)
        {
            if (_time.GetTimestamp() < slot.AskLogEndAt)
            {
                return false;
            }
            slot.AskLogEndAt = _time.GetTimestamp() + _time.TimestampFrequency;
            slot.LogEndAtStart = _parts.Source.QueryLogEnd(slot.Id, TimeSpan.FromMilliseconds(200));
        }
        var known = _parts.Source.LogEnd(slot.Id);
        var next = Math.Max(0, shard.NextOffset);
        return slot.LogEndAtStart >= 0 && next >= slot.LogEndAtStart && next >= known;
    }

    private static void BlameDeadline(Shard shard)
    {
        if (shard.Waking is { } visitor)
        {
            shard.Faults.Quarantine(visitor);
        }
    }

    private void StartCommit(bool force)
    {
        _pipeline.Submit(IsOpen);
        if (_pipeline.IsFull)
        {
            return;
        }
        var isDue = force;
        var isDirty = false;
        var hasProgress = false;
        _open.Clear();
        foreach (var slot in _slots.Values)
        {
            if (slot.State != SlotState.Open)
            {
                continue;
            }
            _open.Add(slot);
            var shard = slot.Shard!;
            isDirty |= shard.IsDirty;
            hasProgress |= shard.HasProgress;
            isDue |= shard.IsUrgent || IsFullCommit(shard) || shard.DeadLetters.IsFull;
        }
        var now = _time.GetTimestamp();
        _dirtySince = isDirty ? (_dirtySince == 0 ? now : _dirtySince) : 0;
        _progressSince = isDirty || hasProgress ? (_progressSince == 0 ? now : _progressSince) : 0;
        // Under load a commit takes longer: waiting about as long for the next one fills it better.
        var lingerMs = Math.Clamp(_pipeline.LastMs, _options.LingerMsMin, _options.LingerMsMax);
        isDue |= isDirty && _time.GetElapsedTime(_dirtySince, now).TotalMilliseconds >= lingerMs;
        isDue |= hasProgress && (_time.GetElapsedTime(_progressSince, now).TotalMilliseconds >= ProgressMs || (_parts.CatchUp is not null && !_readSomething));
        if (!isDue || !(isDirty || hasProgress))
        {
            return;
        }
        _toCommit.Clear();
        foreach (var slot in _open)
        {
            if (slot.Shard!.IsDirty || slot.Shard.HasProgress)
            {
                _toCommit.Add(slot.Shard);
            }
        }
        (_dirtySince, _progressSince) = (0, 0);
        SendDeadLetters();
        _pipeline.Build(_toCommit);
        _pipeline.Submit(IsOpen);
    }

    private void FinishCommits()
    {
        _pipeline.Finish(OnOutcome);
        Stats.LastCommitMs = _pipeline.LastMs;
    }

    private void OnOutcome(Shard shard, ShardCommit commit)
    {
        var outcome = commit.Outcome;
        if (!IsOpen(shard))
        {
            return;
        }
        if (outcome == CommitOutcome.Unknown)
        {
            var found = _parts.Store.ResolveCommitSeq(shard.Id, shard.Epoch);
            outcome = found < 0 ? CommitOutcome.Fenced : found >= commit.CommitSeq ? CommitOutcome.Committed : CommitOutcome.Failed;
        }
        switch (outcome)
        {
            case CommitOutcome.Committed:
                OnCommitted(shard, commit);
                break;
            case CommitOutcome.Fenced:
                Stats.Fenced++;
                LogFenced(shard.Id, shard.Epoch);
                // Should the group still think that it is ours, a later take-over raises the epoch again.
                Reload(_slots[shard.Id], _options.RetryMsMax);
                break;
            default:
                Stats.FailedCommits++;
                var slot = _slots[shard.Id];
                Reload(slot, NextRetryMs(slot));
                LogCommitFailed(shard.Id, commit.CommitSeq, commit.Error ?? "the store did not say why.", slot.RetryMs);
                break;
        }
    }

    private void OnCommitted(Shard shard, ShardCommit commit)
    {
        _slots[shard.Id].RetryMs = 0;
        Stats.Commits++;
        Stats.CommittedBytes += commit.Segment.WrittenCount;
        foreach (var row in commit.Actions)
        {
            Stats.Add(row);
            if (row.Held is null)
            {
                shard.Outbox.Add(row);
            }
        }
        _parts.Source.ReportCommitted(shard.Id, commit.NextOffset);
    }

    private void ReleaseActions()
    {
        SendDeadLetters();
        foreach (var slot in _slots.Values)
        {
            if (slot.State == SlotState.Open)
            {
                slot.Shard!.Outbox.Send(_parts.Outlet);
            }
        }
        TakeReceipts();
    }

    private void SendDeadLetters()
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.State == SlotState.Open)
            {
                slot.Shard!.DeadLetters.Send(_parts.Outlet);
            }
        }
    }

    private void TakeReceipts()
    {
        while (_parts.Outlet.TryTakeReceipt(out var receipt))
        {
            // Receipts of a shard that was given up or read back meanwhile have no addressee.
            if (receipt.Shard >= _byPartition.Length || _byPartition[receipt.Shard] is not { } shard)
            {
                continue;
            }
            if (receipt.Error is not null)
            {
                LogResend(shard.Id, receipt.Error);
                shard.Outbox.Resend();
                shard.DeadLetters.Resend();
            }
            else if (receipt.Destination == Destination.DeadLetters)
            {
                shard.DeadLetters.Acknowledge(receipt.Ticket);
            }
            else if (shard.Outbox.Acknowledge(receipt.Ticket) is not null)
            {
                Stats.Published++;
            }
        }
    }

    private void MarkCaughtUp()
    {
        if (_parts.CatchUp is not { } goal)
        {
            return;
        }
        foreach (var slot in _slots.Values)
        {
            if (slot.State == SlotState.Open && Math.Max(0, slot.Shard!.NextOffset) >= goal.Goal(slot.Id) && slot.Shard.IsQuiet && !_pipeline.Concerns(slot.Shard))
            {
                goal.MarkDone(slot.Id);
            }
        }
    }

    private void CommitOpenShards(long start)
    {
        do
        {
            StartCommit(force: true);
            SendDeadLetters();
            FinishCommits();
            TakeReceipts();
        }
        while ((_pipeline.InFlight > 0 || HasWork()) && Left(start) > TimeSpan.Zero && WaitABit());
        ReleaseActions();

        bool HasWork()
        {
            foreach (var slot in _slots.Values)
            {
                if (slot.State == SlotState.Open && (slot.Shard!.IsDirty || slot.Shard.HasProgress))
                {
                    return true;
                }
            }
            return false;
        }

        bool WaitABit()
        {
            _commitDone.WaitOne(BusyWait);
            return true;
        }
    }

    private TimeSpan Left(long start) => TimeSpan.FromMilliseconds(_options.GiveUpMs) - _time.GetElapsedTime(start);

    private bool IsOpen(Shard shard) => shard.Id < _byPartition.Length && ReferenceEquals(_byPartition[shard.Id], shard);

    private void Reload(ShardSlot slot, int retryMs)
    {
        Stats.Reloads++;
        var old = slot.Shard;
        Close(slot);
        // Kept for IsCommitting: what is under way must end before the shard is taken over again.
        slot.Shard = old;
        Wait(slot, retryMs);
    }

    private void Wait(ShardSlot slot, int retryMs)
    {
        slot.State = SlotState.Waiting;
        slot.RetryMs = retryMs;
        slot.RetryAt = _time.GetTimestamp() + retryMs * _time.TimestampFrequency / 1000;
    }

    private int NextRetryMs(ShardSlot slot) => Math.Clamp(slot.RetryMs * 2, _options.RetryMsMin, _options.RetryMsMax);

    private void Stop(ShardSlot slot, string reason)
    {
        Close(slot);
        LogStopped(slot.Id, reason);
        Stats.Stop(slot.Id, reason);
        _parts.CatchUp?.MarkStopped(slot.Id, reason);
    }

    private void Close(ShardSlot slot)
    {
        if (slot.State == SlotState.Open)
        {
            _parts.Source.Pause(slot.Id);
            _byPartition[slot.Id] = null;
            if (!_isLeaving)
            {
                Stats.Close(slot.Id);
            }
        }
        slot.Shard = null;
        slot.State = SlotState.Stopped;
    }
}
