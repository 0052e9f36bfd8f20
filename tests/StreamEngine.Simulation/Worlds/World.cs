using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Worlds;

/// <summary>
/// Virtual time, and what happens in it: outside events (clicks, answers of store and broker, faults) and the turns of the workers, one after the other in one thread.
/// What happens at the same instant happens in the order in which it was planned, so a seed is one sequence of events.
/// </summary>
public sealed class World(int seed, Trace trace)
{
    public const long StartMs = FakeTime.StartMs;

    /// <summary>Far more than any seed needs: who gets there moves in circles.</summary>
    private const int EventsMax = 3_000_000;

    private readonly PriorityQueue<Action, (long AtMs, long Number)> _outside = new();
    private readonly PriorityQueue<Action, (long AtMs, long Number)> _turns = new();
    private long _planned;
    private int _events;

    /// <summary>True time, Unix ms: what a clock without fault shows.</summary>
    public long NowMs { get; private set; } = StartMs;

    /// <summary>Draws latencies and fates while the world runs. Story and faults are drawn before, each from a generator of its own.</summary>
    public Random Random { get; } = new(seed);

    public Trace Trace => trace;

    public void At(long atMs, Action happens) => _outside.Enqueue(happens, (Math.Max(atMs, NowMs), ++_planned));

    public void After(long ms, Action happens) => At(NowMs + ms, happens);

    /// <summary>A worker's turn: it does not happen while another worker waits inside its own.</summary>
    public void TurnAt(long atMs, Action turn) => _turns.Enqueue(turn, (Math.Max(atMs, NowMs), ++_planned));

    public void Run(long untilMs)
    {
        while (true)
        {
            var hasOutside = _outside.TryPeek(out var outside, out var outsideAt);
            var hasTurn = _turns.TryPeek(out var turn, out var turnAt);
            var isOutsideNext = hasOutside && (!hasTurn || outsideAt.CompareTo(turnAt) < 0);
            if (!hasOutside && !hasTurn || (isOutsideNext ? outsideAt : turnAt).AtMs > untilMs)
            {
                NowMs = untilMs;
                return;
            }
            if (++_events > EventsMax)
            {
                throw new WorldStuckException($"After {EventsMax} events there are still more of them: something moves in circles.");
            }
            NowMs = Math.Max(NowMs, (isOutsideNext ? outsideAt : turnAt).AtMs);
            (isOutsideNext ? _outside : _turns).Dequeue();
            (isOutsideNext ? outside! : turn!)();
        }
    }

    /// <summary>Somebody waits inside a call: the world outside goes on to its next event, at most so far.</summary>
    public void Wait(long msMax)
    {
        var untilMs = NowMs + msMax;
        if (_outside.TryPeek(out var happens, out var at) && at.AtMs <= untilMs)
        {
            _outside.Dequeue();
            NowMs = Math.Max(NowMs, at.AtMs);
            happens();
            return;
        }
        NowMs = untilMs;
    }
}
