using System.Buffers;
using System.Text;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;

namespace StreamEngine.TestKit;

/// <summary>
/// One visitor's session on virtual time: begun by a click, woken before a click when it is overdue, ended and begun anew, exactly as
/// a shard does it, but without shard, store or clock. Nothing happens between two calls.
/// </summary>
public sealed class SessionDriver
{
    public const long StartMs = 1_767_225_600_000; // 2026-01-01T00:00:00Z
    public const long Second = 1_000;
    public const long Minute = 60_000;
    public const long Hour = 3_600_000;
    public const long Day = 86_400_000;

    private readonly byte[] _visitor;
    private readonly Click _click = new();
    private readonly CartTurn _turn = new();

    public SessionDriver(TacticsDefinition? tactics = null, SessionOptions? options = null, string visitor = "visitor-1")
    {
        Options = options ?? new SessionOptions();
        Tactics = TacticSet.Compile(tactics ?? TacticExamples.None, Options.Currency);
        Actor = new CartActor(Options, Tactics, Memory);
        _visitor = Encoding.UTF8.GetBytes(visitor);
    }

    public SessionOptions Options { get; }

    public TacticSet Tactics { get; }

    public CartActor Actor { get; }

    public long NowMs { get; private set; } = StartMs;

    /// <summary>What the wall clock shows where it is not the shard's time: later, while a backlog is read.</summary>
    public long? WallMs { get; set; }

    /// <summary>Null before the first click and after the end.</summary>
    public CartSession? Current { get; private set; }

    /// <summary>The session that must be there.</summary>
    public CartSession Session => Current ?? throw new InvalidOperationException("The session has ended.");

    public CartPhase Phase => Session.Phase;

    public int SessionsBegun { get; private set; }

    /// <summary>Everything decided, in order: sent, held back and facts.</summary>
    public List<CartAction> Decided { get; } = [];

    /// <summary>Of each decision, written in its turn, as a shard does.</summary>
    public List<byte[]> Documents { get; } = [];

    public SessionMemory Memory { get; } = new();

    /// <summary>Actions and facts that go out.</summary>
    public IReadOnlyList<CartAction> Actions => Decided.FindAll(a => a.Held == HeldReason.None);

    public IReadOnlyList<CartAction> Held => Decided.FindAll(a => a.Held != HeldReason.None);

    public List<PhaseMove> Moves { get; } = [];

    public List<ContactChange> Contacts { get; } = [];

    public List<Verdict> Verdicts { get; } = [];

    public Verdict Verdict => Verdicts[^1];

    public ClickFault Fault { get; private set; }

    public IReadOnlyList<CartAction> ActionsOf(string tactic) => Decided.FindAll(a => string.Equals(a.Tactic, tactic, StringComparison.Ordinal));

    /// <summary>One click now. Its event time is now as well, unless <paramref name="fill"/> says another.</summary>
    public Verdict Feed(Action<Click> fill)
    {
        if (Current is not null && Actor.NextDueMs(Current) <= NowMs)
        {
            Wake();
        }
        _click.Clear();
        _click.TimeMs = _click.EventTimeMs = NowMs;
        _click.Visitor = _click.AddText(_visitor);
        fill(_click);
        if (Current is null)
        {
            Current = new CartSession(_visitor);
            Actor.Start(Current, _click, NowMs);
            SessionsBegun++;
        }
        _turn.Begin(NowMs, WallMs ?? NowMs);
        Actor.Handle(Current, _click, _turn);
        Collect();
        Verdicts.Add(_turn.Verdict);
        Fault = _turn.Fault;
        return _turn.Verdict;
    }

    /// <summary>A click as it happened at <paramref name="eventMs"/>, which arrives now.</summary>
    public Verdict FeedLate(long eventMs, Action<Click> fill) => Feed(click =>
    {
        click.EventTimeMs = eventMs;
        fill(click);
    });

    /// <summary>Time goes on in one step; the session is woken once, at the end of it, if anything was due.</summary>
    public void AdvanceTo(long nowMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nowMs, NowMs);
        NowMs = nowMs;
        if (Current is not null && Actor.NextDueMs(Current) <= NowMs)
        {
            Wake();
        }
    }

    public void Advance(long spanMs) => AdvanceTo(NowMs + spanMs);

    /// <summary>The clock moves but nobody wakes the session, as when a shard is busy or the visitor's deadlines are set aside.</summary>
    public void AdvanceAsleep(long spanMs) => NowMs += spanMs;

    /// <summary>The next click is handled although deadlines before it were not fired.</summary>
    public Verdict FeedAsleep(Action<Click> fill)
    {
        _click.Clear();
        _click.TimeMs = _click.EventTimeMs = NowMs;
        fill(_click);
        _turn.Begin(NowMs, WallMs ?? NowMs);
        Actor.Handle(Session, _click, _turn);
        Collect();
        return _turn.Verdict;
    }

    public byte[] Encode()
    {
        var output = new ArrayBufferWriter<byte>();
        SessionCodec.Write(Session, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The session goes through its encoded form, as in a restart.</summary>
    public void Restart() => Restore(Encode());

    public void Restore(byte[] state)
    {
        Current?.Release(Memory);
        Current = new CartSession(_visitor);
        SessionCodec.Read(state, Current, Memory);
    }

    private void Wake()
    {
        _turn.Begin(NowMs, WallMs ?? NowMs);
        Actor.Wake(Session, _turn);
        Collect();
        if (_turn.Ended)
        {
            Session.Release(Memory);
            Current = null;
        }
    }

    private void Collect()
    {
        Decided.AddRange(_turn.Actions.Select(static action => action.Kept()));
        Documents.AddRange(_turn.Actions.Select(static action => ActionDocument.Write(action).ToArray()));
        Moves.AddRange(_turn.Moves);
        if (_turn.Contact is { } contact)
        {
            Contacts.Add(contact);
        }
    }
}
