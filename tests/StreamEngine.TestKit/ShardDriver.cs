using System.Text;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;
using StreamEngine.Storage.Memory;

namespace StreamEngine.TestKit;

public sealed record DriverOptions
{
    public int Shards { get; init; } = 1;

    /// <summary>Servers of the store.</summary>
    public int Homes { get; init; } = 1;

    /// <summary>No linger and no settling, so that things happen at the instant they are due.</summary>
    public EngineOptions Engine { get; init; } = new() { LingerMsMin = 0, LingerMsMax = 0, SettleMs = 0 };
    public SessionOptions Sessions { get; init; } = new();
    public ClickOptions Clicks { get; init; } = new();
    public TacticSet Tactics { get; init; } = TestTactics.Standard;
    public CrashPoints? Crashes { get; init; }

    /// <summary>The clicks that are there at the start, for a worker that ends when it has caught up with them.</summary>
    public Func<ClickTopic, CatchUp>? CatchUp { get; init; }
    public bool StartsAssigned { get; init; } = true;

    /// <summary>The actions topic can be read back at take-over.</summary>
    public bool ReadsTail { get; init; }

    /// <summary>What waits for the store is read by the next <see cref="ShardDriver.Settle"/>, before its first turn, as beside a worker that goes on; else inside the turn.</summary>
    public bool ReadsBeside { get; init; }

    /// <summary>Keeps a <see cref="ShardDriver.Journal"/>: for one shard.</summary>
    public bool KeepsJournal { get; init; }
}

/// <summary>
/// The production worker with its shards on a false clock, with a scripted source, a store that fails on demand and an outlet that collects. One thread: nothing happens
/// except in <see cref="Settle"/> and the calls that contain it.
/// </summary>
public sealed class ShardDriver : IDisposable
{
    /// <summary>Turns of the loop in one instant after which something moves in circles.</summary>
    private const int TurnsMax = 100_000;

    private readonly DriverOptions _options;
    private readonly Queue<Task> _reads = new();
    private Worker _worker;

    public ShardDriver(DriverOptions? options = null, ClickTopic? topic = null)
    {
        _options = options ?? new DriverOptions();
        Topic = topic ?? new ClickTopic(_options.Shards);
        Memory.Provision("clicks", _options.Shards);
        Journal = _options.KeepsJournal ? new Journal(Time) : null;
        Store = new FaultyStore(Memory, _options.Crashes, Journal) { Homes = _options.Homes };
        Outlet = new CollectingOutlet(_options.Crashes, Journal);
        CatchUp = _options.CatchUp?.Invoke(Topic);
        (Source, _worker) = Begin();
    }

    public FakeTime Time { get; } = new();
    public ClickTopic Topic { get; }
    public MemoryShardStore Memory { get; } = new();
    public FaultyStore Store { get; }
    public CollectingOutlet Outlet { get; }
    public ScriptedSource Source { get; private set; }
    public ListLogger Log { get; } = new();
    public Journal? Journal { get; }
    public CatchUp? CatchUp { get; }
    public Worker Worker => _worker;
    public int Crashes { get; private set; }

    /// <summary>How often the actions topic was read back.</summary>
    public int TailReads { get; private set; }

    /// <summary>Actions in the topic in the order of their first arrival, each id once: what a consumer that drops known ids sees.</summary>
    public IReadOnlyList<string> PublishedIds => [.. Actions.Select(IdOf).Distinct(StringComparer.Ordinal)];

    /// <summary>All action messages, repetitions included.</summary>
    public IReadOnlyList<OutgoingMessage> Actions => [.. Outlet.Delivered.Where(m => m.Destination == Destination.Actions)];

    public IReadOnlyList<OutgoingMessage> Dead => [.. Outlet.Delivered.Where(m => m.Destination == Destination.DeadLetters)];

    /// <summary>Committed decisions of all shards, held ones included.</summary>
    public IReadOnlyList<ActionRow> Rows => [.. Enumerable.Range(0, _options.Shards).SelectMany(Memory.Actions)];

    /// <summary>Tactics of the committed decisions, in order; a held one as "tactic (reason)".</summary>
    public IReadOnlyList<string> Decisions => [.. Rows.Select(r => r.Held is null ? r.Tactic : $"{r.Tactic} ({r.Held})")];

    public static string IdOf(OutgoingMessage message) => message.Headers.First(h => string.Equals(h.Key, "ce_id", StringComparison.Ordinal)).Value.ToString();

    /// <summary>Appends a click as the broker would, now; the engine hears of it at the next <see cref="Settle"/>.</summary>
    public long Feed(string visitor, byte[] value, int shard = 0) => Topic.Append(shard, Encoding.UTF8.GetBytes(visitor), value, Time.NowMs);

    /// <summary>Appends a click under a producer's own clock.</summary>
    public long FeedAt(string visitor, byte[] value, long timestampMs, bool isLogAppendTime = false, int shard = 0) =>
        Topic.Append(shard, Encoding.UTF8.GetBytes(visitor), value, timestampMs, isLogAppendTime);

    /// <summary>Turns the loop until nothing moves any more at this instant. A simulated crash restarts the process.</summary>
    public void Settle()
    {
        while (_reads.TryDequeue(out var read))
        {
            StoreReads.AtOnce(read);
        }
        var quiet = 0;
        for (var turns = 0; quiet < 3; turns++)
        {
            if (turns == TurnsMax)
            {
                throw new InvalidOperationException($"Nothing came to rest in {TurnsMax} turns of the loop.");
            }
            var before = Fingerprint();
            try
            {
                _worker.RunOnce();
            }
            catch (SimulatedCrashException)
            {
                Crash();
            }
            quiet = Fingerprint() == before ? quiet + 1 : 0;
        }
    }

    /// <summary>Lets time pass in steps, as it does for a running engine.</summary>
    public void AdvanceTo(long atMs, long stepMs = 1_000)
    {
        Settle();
        while (Time.NowMs < atMs)
        {
            Time.Advance(Math.Min(stepMs, atMs - Time.NowMs));
            Settle();
        }
    }

    public void Advance(long ms, long stepMs = 1_000) => AdvanceTo(Time.NowMs + ms, stepMs);

    /// <summary>kill -9, and a new process on the same store and topics.</summary>
    public void Crash()
    {
        Crashes++;
        _reads.Clear();
        Store.DropHeld();
        Outlet.Restart();
        (Source, _worker) = Begin();
    }

    /// <summary>Is down for a while: time passes, nothing runs.</summary>
    public void CrashFor(long ms)
    {
        _reads.Clear();
        Store.DropHeld();
        Outlet.Restart();
        Time.Advance(ms);
        (Source, _worker) = Begin();
    }

    public void Dispose()
    {
        _worker.Dispose();
        Store.Dispose();
    }

    private HashSet<string> ReadTail(int shard, int countMax)
    {
        TailReads++;
        return Actions.Where(action => action.Shard == shard).TakeLast(countMax).Select(IdOf).ToHashSet(StringComparer.Ordinal);
    }

    private (ScriptedSource Source, Worker Worker) Begin()
    {
        Journal?.Began();
        var source = new ScriptedSource(Topic, Time, _options.Crashes, Journal);
        if (_options.StartsAssigned)
        {
            source.Assign([.. Enumerable.Range(0, _options.Shards)]);
        }
        var rules = new ShardRules(_options.Sessions, _options.Tactics, _options.Engine, "clicks", _options.Shards);
        var worker = new Worker(new WorkerParts(source, Outlet, Store, rules, _options.Clicks, "node-a/0", Time, Log)
        {
            CatchUp = CatchUp,
            StartRead = _options.ReadsBeside ? _reads.Enqueue : StoreReads.AtOnce,
            Kept = new KeptShards(Time),
            Tail = _options.ReadsTail ? ReadTail : null,
        });
        worker.Start();
        return (source, worker);
    }

    private (long, long, long, long, long, long) Fingerprint() => (
        Source.Records, Store.Submitted + Store.TakeOvers, Outlet.Sends, Log.Lines.Count, _worker.Stats.Commits + _worker.Stats.Published,
        _worker.Stats.Shards.Sum(s => s.DeadlinesFired) + _worker.Stats.Reloads + Crashes);
}
