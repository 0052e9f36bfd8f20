using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Deadlines;
using StreamEngine.Engine.Sources;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Time;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// One partition's sessions with their deadlines, log and outbox; everything a turn touches. One thread.
/// Memory runs ahead of the store by what is in the commits under way: if one of them fails, this object is dropped and the shard is
/// read back from its log. Actions wait in the commit and leave only when it is durable.
/// </summary>
public sealed class Shard
{
    private const int MisrouteSample = 64;

    private readonly ShardRules _rules;
    private readonly SessionMemory _memory = new();
    private readonly CartActor _actor;
    private readonly CartTurn _turn = new();
    private readonly SessionTable _sessions = new();
    private readonly DeadlineWheel<ResidentSession> _wheel;
    private readonly ShardLog _log = new();
    private readonly BrowserList _browsers = new();
    private readonly ReadModels _readModels = new();
    private readonly List<ResidentSession> _dirty = [];
    private readonly ShardFaults _faults;
    private ShardCommit _building = new();
    private long _actionSeq;
    private long _commitSeq;
    private long _committedOffset;

    public Shard(ShardLease lease, ShardRules rules, ShardFaults faults)
    {
        Id = lease.Shard;
        Owner = lease.Owner;
        Epoch = lease.Epoch;
        _rules = rules;
        _faults = faults;
        _actor = new CartActor(rules.Sessions, rules.Tactics, _memory);
        _wheel = new DeadlineWheel<ResidentSession>(lease.ShardTimeMs);
        _actionSeq = lease.ActionSeq;
        _commitSeq = lease.CommitSeq;
        NextOffset = _committedOffset = lease.NextOffset;
        LastRecordMs = lease.LastRecordMs;
        Clock = new ShardClock(lease.ShardTimeMs);
        (Outbox, DeadLetters) = QueuesOf(lease);
        BrowsersMax = rules.Engine.BrowsersMax;
    }

    public int Id { get; }

    public string Owner { get; private set; }

    public long Epoch { get; private set; }

    public ShardClock Clock { get; }

    public ShardStats Stats { get; private set; } = new();

    /// <summary>The first offset that was not handled; -1 for a shard that never read.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The broker's time of the record before <see cref="NextOffset"/>, Unix ms; 0 unknown.</summary>
    public long LastRecordMs { get; private set; }

    /// <summary>Clicks handled since the last commit was built.</summary>
    public int UncommittedClicks { get; private set; }

    /// <summary>Sessions that deadlines have woken since the last commit was built, and that have rows to write because of it.</summary>
    public int UncommittedWakes { get; private set; }

    /// <summary>There may be deadlines due that were not looked at yet.</summary>
    public bool HasDue { get; private set; }

    /// <summary>State or rows wait for a commit.</summary>
    public bool IsDirty => _dirty.Count > 0 || _building.Carts.Count > 0 || _building.Actions.Count > 0 || _building.DeadLetters.Count > 0
        || _building.Contacts.Count > 0;

    /// <summary>Only the offset or the outbox moved on: worth a commit now and then, so that a restart repeats little.</summary>
    public bool HasProgress => NextOffset > _committedOffset || Outbox.PublishedSeq > Outbox.CommittedPublishedSeq;

    /// <summary>Memory holds what the store holds, and nothing more but visitors who only browse.</summary>
    public bool IsCommitted => !IsDirty && NextOffset == _committedOffset;

    /// <summary>All that was handled is committed and published, and nothing is due.</summary>
    public bool IsQuiet => !IsDirty && !HasProgress && Outbox.Count == 0 && !HasDue;

    public int DirtySessions => _dirty.Count;

    /// <summary>Decisions in the commit being built.</summary>
    public int UncommittedActions => _building.Actions.Count;

    /// <summary>A person is waiting for an action of the commit being built.</summary>
    public bool IsUrgent { get; private set; }

    public int SessionCount => _sessions.Count;

    /// <summary>Visitors who only browse and are in no log that may be resident; 1 or more.</summary>
    public int BrowsersMax { get; set; }

    /// <summary>Of the last commit that was built.</summary>
    public long CommitSeq => _commitSeq;

    internal Outbox Outbox { get; private set; }

    internal DeadLetters DeadLetters { get; private set; }

    internal ShardFaults Faults => _faults;

    /// <summary>The visitor whose deadlines are being fired: who to blame when that fails.</summary>
    internal byte[]? Waking { get; private set; }

    /// <summary>Reads one segment back, in order of sequence: the newest state of a session wins.</summary>
    /// <exception cref="ShardStoppedException">The segment is damaged.</exception>
    internal void Restore(SegmentInfo info, ReadOnlySpan<byte> segment) => SegmentRestore.Read(Id, info, segment, _sessions, _log, _memory);

    /// <summary>All segments are read: arms the deadlines.</summary>
    internal void FinishRestore()
    {
        // In the order of the log: deadlines of the same instant wake in the order in which they were armed.
        foreach (var session in _log.Sessions)
        {
            Stats.Enter(session.Phase);
            Arm(session);
        }
        UpdateGauges();
    }

    /// <summary>
    /// The node that gave this shard up, committed, has it again, and nobody else had it: memory goes on under the new epoch. What was on its way out is
    /// restored from the store like that of any shard.
    /// </summary>
    internal void Resume(ShardLease lease)
    {
        (Owner, Epoch) = (lease.Owner, lease.Epoch);
        (Outbox, DeadLetters) = QueuesOf(lease);
        Stats = new ShardStats();
        foreach (var session in _sessions)
        {
            Stats.Enter(session.Phase);
        }
        UpdateGauges();
    }

    internal void ExpectSlot(ulong visitor) => _sessions.ExpectSlot(visitor);

    internal void ExpectPlace(ulong visitor) => _sessions.ExpectPlace(visitor);

    internal void ExpectSession(ulong visitor) => _sessions.ExpectSession(visitor);

    /// <summary>One record, one verdict.</summary>
    public Verdict Handle(in ClickRecord record, ClickParser parser, long wallMs)
    {
        var timeMs = Clock.Observe(record.TimestampMs, record.IsLogAppendTime, wallMs);
        NextOffset = record.Offset + 1;
        LastRecordMs = record.TimestampMs;
        UncommittedClicks++;
        HasDue = true;
        var verdict = Handle(record, parser, timeMs, wallMs);
        Stats.Count(verdict);
        if (record.Offset % MisrouteSample == 0 && _rules.PartitionOf is { } partitionOf && partitionOf(record.Key, _rules.ShardCount) != Id)
        {
            Stats.MisroutedKeys++;
        }
        return verdict;
    }

    /// <summary>Up to here the log holds no further record: without it a shard whose log ends with a transaction's mark never counts as caught up.</summary>
    public void StepTo(long offset) => NextOffset = Math.Max(NextOffset, offset);

    /// <summary>The shard's time goes on to this, if it is later.</summary>
    public void AdvanceTo(long timeMs)
    {
        HasDue |= timeMs > Clock.NowMs;
        Clock.AdvanceTo(timeMs);
    }

    /// <summary>Fires what is due in shard time; looks at no more than <paramref name="budget"/> entries of the wheel.</summary>
    /// <returns>How many it looked at.</returns>
    public int FireDeadlines(int budget, long wallMs)
    {
        var looked = 0;
        while (looked < budget && _wheel.TryPop(Clock.NowMs, out var session))
        {
            looked++;
            // What a wake needs lies scattered over all memory: 150,000 overdue sessions of four lines, three actions each, took 12.6 us each (median of 14 runs in turn; the least 11.8),
            // and 11.8 (10.7) with the next session's lists, this one's texts, and sessions that come down the wheel brought near.
            _wheel.Next?.ExpectLists();
            session.Deadline = DeadlineWheel<ResidentSession>.None;
            if (session.DueMs > Clock.NowMs)
            {
                // It was postponed by clicks meanwhile: the entry only now learns of it.
                session.Arm(_wheel, session.DueMs);
                continue;
            }
            if (_faults.IsQuarantined(session.Visitor))
            {
                continue;
            }
            session.Lines.ExpectTexts();
            Wake(session, wallMs);
            UncommittedWakes += _turn.Moves.Count > 0 || _turn.Actions.Count > 0 ? 1 : 0;
            if (!session.IsEnded)
            {
                Arm(session);
            }
        }
        HasDue = looked == budget;
        return looked;
    }

    /// <summary>
    /// Takes all that changed into one commit. After it, memory is ahead of the store until the commit's outcome is known.
    /// </summary>
    public ShardCommit BuildCommit(ShardCommit next)
    {
        var commit = _building;
        _building = next;
        commit.Shard = Id;
        commit.Epoch = Epoch;
        commit.Owner = Owner;
        commit.CommitSeq = ++_commitSeq;
        commit.NextOffset = NextOffset;
        commit.LastRecordMs = LastRecordMs;
        commit.ShardTimeMs = Clock.NowMs;
        commit.ActionSeq = _actionSeq;
        commit.PublishedSeq = Outbox.CommittedPublishedSeq = Outbox.PublishedSeq;
        _log.Write(commit, _dirty);
        foreach (var session in _dirty)
        {
            Keep(session);
        }
        _readModels.Flush(commit);
        _dirty.Clear();
        _committedOffset = NextOffset;
        UncommittedClicks = UncommittedWakes = 0;
        IsUrgent = false;
        UpdateGauges();
        return commit;
    }

    private (Outbox, DeadLetters) QueuesOf(ShardLease lease) => (
        new Outbox(lease.Shard, _rules.Sessions.Store, _rules.Engine, lease.PublishedSeq, lease.ActionSeq), new DeadLetters(lease.Shard, _rules.ClicksTopic, _rules.Engine));

    private Verdict Handle(in ClickRecord record, ClickParser parser, long timeMs, long wallMs)
    {
        if (_faults.IsPoisoned(record.Offset))
        {
            Bury(record, new ClickFault(FaultReason.SessionCorrupt, null, 0), timeMs);
            return Verdict.Malformed;
        }
        var hash = SessionTable.Hash(record.Key);
        _sessions.ExpectLists(hash);
        var outcome = parser.Parse(record.Key, record.Value, timeMs);
        if (outcome == ParseOutcome.Ignored)
        {
            return Verdict.Ignored;
        }
        if (outcome == ParseOutcome.Malformed)
        {
            Bury(record, parser.Fault, timeMs);
            return Verdict.Malformed;
        }
        var click = parser.Click;
        click.TimeMs = timeMs;
        var session = _sessions.Find(record.Key, hash);
        if (session is not null && session.DueMs <= Clock.NowMs && !_faults.IsQuarantined(session.Visitor))
        {
            Wake(session, wallMs);
            session = session.IsEnded ? null : session;
        }
        // A record beyond shard time (a jump that is not confirmed yet) counts for its own session: had it been active only now, it would look idle
        // as soon as the shard catches up. Its deadlines stay in shard time.
        var nowMs = Math.Max(Clock.NowMs, timeMs);
        session ??= Begin(record.Key, click, nowMs);
        var phase = session.Phase;
        _turn.Begin(nowMs, JudgeMs(wallMs));
        _actor.Handle(session, click, _turn);
        Apply(session, phase);
        Arm(session);
        Keep(session);
        if (_turn.Verdict == Verdict.Malformed)
        {
            Bury(record, _turn.Fault, timeMs);
        }
        return _turn.Verdict;
    }

    private ResidentSession Begin(ReadOnlySpan<byte> visitor, Click click, long nowMs)
    {
        var session = new ResidentSession(visitor.ToArray());
        _actor.Start(session, click, nowMs);
        _sessions.Add(session);
        Stats.SessionsStarted++;
        Stats.Enter(session.Phase);
        return session;
    }

    private void Wake(ResidentSession session, long wallMs)
    {
        var phase = session.Phase;
        Waking = session.Visitor;
        _turn.Begin(Clock.NowMs, JudgeMs(wallMs));
        _actor.Wake(session, _turn);
        Stats.CountWake(_turn.DeadlinesFired);
        Apply(session, phase);
        Waking = null;
    }

    /// <summary>
    /// Bounds those who live in memory only, where a crawler can begin a million sessions a minute. Who has just clicked goes last. At most two go for one that
    /// comes, so a bound that shrinks because the node took over more shards is reached soon and without a stop.
    /// </summary>
    private void Keep(ResidentSession session)
    {
        if (session.IsEnded || session.IsDirty || session.LogSeq != 0 || session.IsDurable)
        {
            return;
        }
        _browsers.Touch(session);
        for (var i = 0; i < 2 && _browsers.Count > BrowsersMax; i++)
        {
            Stats.BrowsersDropped++;
            End(_browsers.Oldest!, CartPhase.Browsing);
        }
    }

    private void Apply(ResidentSession session, CartPhase phaseBefore)
    {
        if (_turn.Moves.Count > 0 || _turn.Actions.Count > 0 || _turn.Contact is not null)
        {
            IsUrgent |= _readModels.Add(session, _turn, _building, ref _actionSeq);
        }
        if (_turn.Ended)
        {
            End(session, phaseBefore);
            return;
        }
        if (session.IsBrowser && session.IsDurable)
        {
            _browsers.Remove(session);
        }
        if (session.Phase != phaseBefore)
        {
            Stats.Leave(phaseBefore);
            Stats.Enter(session.Phase);
        }
        if (_turn.Changed && !session.IsDirty && (session.IsDurable || session.LogSeq != 0))
        {
            session.IsDirty = true;
            _dirty.Add(session);
        }
    }

    private void End(ResidentSession session, CartPhase phaseBefore)
    {
        session.IsEnded = true;
        Stats.Leave(phaseBefore);
        _browsers.Remove(session);
        _sessions.Remove(session.Visitor);
        session.Disarm(_wheel);
        session.Release(_memory);
        if (session.LogSeq != 0 && !session.IsDirty)
        {
            session.IsDirty = true;
            _dirty.Add(session);
        }
    }

    private void Arm(ResidentSession session) => session.Arm(_wheel, _actor.NextDueMs(session));

    private void Bury(in ClickRecord record, in ClickFault fault, long timeMs)
    {
        DeadLetters.Add(record, fault);
        _building.DeadLetters.Add(new DeadLetterRow(record.Offset, fault.Reason.ToString(), fault.Field, fault.BytePosition, timeMs));
    }

    /// <summary>The time by which overdue actions are judged; where nothing is late, before all times.</summary>
    private long JudgeMs(long wallMs) => _rules.Engine.ExpireOverdue ? wallMs : 0;

    private void UpdateGauges()
    {
        Stats.DeadlinesArmed = _wheel.Count;
        Stats.Browsers = _browsers.Count;
        Stats.LogBytes = _log.TotalBytes;
    }
}
