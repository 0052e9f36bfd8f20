using StreamEngine.Carts;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>
/// A story played to one production shard while things go wrong. The broker has its own clock, which is always right; the engine's may jump.
/// Time moves from instant to instant: clicks, deadlines that are known, beginnings and ends of faults, a while after anything happened, and a coarse grid.
/// </summary>
internal sealed class StoryRun : IDisposable
{
    private const long GridMs = 60_000;

    private readonly Story _story;
    private readonly CrashPoints _crashes;
    private readonly List<Fault> _faults;
    private readonly SortedSet<long> _instants = [];
    private readonly SortedDictionary<long, List<Action>> _endings = [];
    private readonly List<BoundsSample> _samples = [];
    private long _trueMs = FakeTime.StartMs;
    private bool _isDown;

    private StoryRun(Story story, IEnumerable<Fault> faults, IEnumerable<long> instants, EngineOptions engine)
    {
        _story = story;
        Engine = engine;
        _faults = [.. faults];
        _crashes = new CrashPoints { CrashAt = NextCrash(0) };
        Driver = new ShardDriver(new DriverOptions { Tactics = TacticSet.Compile(story.Tactics, Currency.Parse("EUR")), Engine = engine, Crashes = _crashes, KeepsJournal = true });
        foreach (var fault in _faults)
        {
            PlanWrite(fault);
        }
        _instants.UnionWith(instants);
        _instants.UnionWith(story.Clicks.Select(click => click.AtMs));
        for (var ms = FakeTime.StartMs; ms < story.EndMs; ms += GridMs)
        {
            _instants.Add(ms);
        }
        _instants.Add(story.EndMs);
    }

    public static EngineOptions PunctualEngine { get; } = new() { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 };

    public ShardDriver Driver { get; }

    public Story Story => _story;

    public EngineOptions Engine { get; }

    public IReadOnlyList<JournalEntry> Journal => Driver.Journal!.Entries;

    public IReadOnlyList<BoundsSample> Samples => _samples;

    /// <summary>Contacts with the world outside: so many points there are to crash at.</summary>
    public int Contacts => _crashes.Passed;

    /// <param name="instants">Instants at which the engine gets a turn besides: the due times of an undisturbed run.</param>
    public static StoryRun Play(Story story, IEnumerable<Fault> faults, IEnumerable<long>? instants = null, EngineOptions? engine = null)
    {
        var run = new StoryRun(story, faults, instants ?? [], engine ?? PunctualEngine);
        run.Play();
        return run;
    }

    public void Dispose() => Driver.Dispose();

    private void Play()
    {
        var next = 0;
        while (_instants.Count > 0)
        {
            var nowMs = _instants.Min;
            _instants.Remove(nowMs);
            Driver.Time.Advance(nowMs - _trueMs);
            _trueMs = nowMs;
            EndFaults();
            for (; next < _story.Clicks.Count && _story.Clicks[next].AtMs <= nowMs; next++)
            {
                BeginFaults(next);
                var click = _story.Clicks[next];
                Driver.Topic.Append(0, click.Key, click.Value, click.AtMs, isLogAppendTime: true, click.Skip);
            }
            if (!_isDown)
            {
                Turn();
            }
        }
    }

    private void Turn()
    {
        var before = Journal.Count;
        var crashes = Driver.Crashes;
        Driver.Settle();
        if (Driver.Crashes > crashes)
        {
            _crashes.CrashAt = NextCrash(_crashes.Passed);
        }
        _samples.Add(BoundsSample.Of(Driver));
        if (Journal.Count > before && _trueMs < _story.EndMs)
        {
            _instants.Add(_trueMs + 100);
            _instants.Add(_trueMs + 1_000);
            _instants.Add(_trueMs + 10_000);
        }
    }

    private int NextCrash(int after) =>
        _faults.Where(fault => fault.Kind == FaultKind.Crash && fault.At > after).Select(fault => fault.At).DefaultIfEmpty(0).Min();

    private void PlanWrite(Fault fault)
    {
        var write = fault.Kind switch
        {
            FaultKind.WriteFails => CommitFault.Fail,
            FaultKind.WrittenUnknown => CommitFault.UnknownWritten,
            FaultKind.LostUnknown => CommitFault.UnknownLost,
            _ => CommitFault.None,
        };
        if (write != CommitFault.None)
        {
            Driver.Store.Faults[fault.At] = write;
        }
    }

    private void BeginFaults(int click)
    {
        foreach (var fault in _faults.Where(fault => fault.At == click))
        {
            Begin(fault);
        }
    }

    private void Begin(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.Down:
                _isDown = true;
                Until(fault, () =>
                {
                    _isDown = false;
                    Driver.Crash();
                });
                break;
            case FaultKind.StoreSlow:
                Driver.Store.IsHeld = true;
                Until(fault, Driver.Store.Release);
                break;
            case FaultKind.StoreDown:
                Driver.Store.IsDown = true;
                Until(fault, () => Driver.Store.IsDown = false);
                break;
            case FaultKind.SourceStalls:
                Driver.Source.IsStalled = true;
                Until(fault, () => Driver.Source.IsStalled = false);
                break;
            case FaultKind.SourceJumpsBack:
                Driver.Source.JumpBack(0, Math.Max(0, Driver.Topic.End(0) - fault.Amount));
                break;
            case FaultKind.LogEndUnknown:
                Driver.Source.IsLogEndUnknown = true;
                Until(fault, () => Driver.Source.IsLogEndUnknown = false);
                break;
            case FaultKind.ClockJumps:
                Driver.Time.JumpWall(fault.Amount);
                if (fault.SpanMs > 0)
                {
                    Until(fault, () => Driver.Time.JumpWall(-fault.Amount));
                }
                break;
            case FaultKind.ReceiptsWait:
                Driver.Outlet.HoldsReceipts = true;
                Until(fault, () => Driver.Outlet.HoldsReceipts = false);
                break;
            case FaultKind.SendsFail:
                Driver.Outlet.FailNext += (int)fault.Amount;
                break;
        }
    }

    private void Until(Fault fault, Action ending)
    {
        var endMs = Math.Min(_trueMs + fault.SpanMs, _story.EndMs);
        if (!_endings.TryGetValue(endMs, out var endings))
        {
            _endings[endMs] = endings = [];
        }
        endings.Add(ending);
        _instants.Add(endMs);
    }

    private void EndFaults()
    {
        while (_endings.Count > 0 && _endings.First() is var (endMs, endings) && endMs <= _trueMs)
        {
            _endings.Remove(endMs);
            endings.ForEach(ending => ending());
            foreach (var retryMs in (long[])[100, 1_000, 10_000, 11_000])
            {
                _instants.Add(endMs + retryMs);
            }
        }
    }
}
