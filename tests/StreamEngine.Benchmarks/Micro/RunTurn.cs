using BenchmarkDotNet.Attributes;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Micro;

/// <summary>One click's turn in a session that has a cart, under the shipped tactics, and the session's next deadline.</summary>
public class RunTurn
{
    private const int Turns = 1_000;

    private readonly CartTurn _turn = new();
    private readonly CartSession _session = new("visitor-1"u8.ToArray());
    private readonly ClickParser _parser = new(new ClickOptions());
    private CartActor _actor = null!;
    private long _nowMs = SessionDriver.StartMs;

    [GlobalSetup]
    public void Begin()
    {
        var options = new SessionOptions { ClicksPerSecondMax = 1_000, ClickBurstMax = 1_000 };
        _actor = new CartActor(options, TacticSet.Compile(TacticExamples.Shipped(0), options.Currency), new SessionMemory());
        _parser.Parse(_session.Visitor, ClickJson.ProductAdded("shoe", 50), _nowMs);
        _actor.Start(_session, _parser.Click, _nowMs);
        Turn();
        _parser.Parse(_session.Visitor, ClickJson.Page("listing"), _nowMs);
    }

    [Benchmark(OperationsPerInvoke = Turns)]
    public long ClickAndNextDeadline()
    {
        var dueMs = 0L;
        for (var i = 0; i < Turns; i++)
        {
            dueMs = Turn();
        }
        return dueMs;
    }

    private long Turn()
    {
        _nowMs += 2;
        var click = _parser.Click;
        (click.TimeMs, click.EventTimeMs) = (_nowMs, _nowMs);
        _turn.Begin(_nowMs, _nowMs);
        _actor.Handle(_session, click, _turn);
        return _turn.Verdict == Verdict.Applied ? _actor.NextDueMs(_session) : throw new InvalidOperationException($"The click was meant to be applied: {_turn.Verdict}.");
    }
}
