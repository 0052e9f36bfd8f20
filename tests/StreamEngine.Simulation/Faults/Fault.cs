namespace StreamEngine.Simulation.Faults;

public enum FaultKind
{
    /// <summary>The process ends at its n-th contact with the world from now, and starts again after the span.</summary>
    Crash,

    /// <summary>The process stops in order, and starts again after the span.</summary>
    Stop,

    /// <summary>The process stands still for the span; when it goes on, it does not know.</summary>
    Freeze,

    /// <summary>The group puts a consumer out without telling it for the span: it goes on reading and deciding.</summary>
    Zombie,

    /// <summary>Somebody joins and leaves: shards move.</summary>
    Rebalance,
    BrokerDown,

    /// <summary>One node does not reach the broker.</summary>
    BrokerCut,
    StoreDown,

    /// <summary>One node does not reach the database.</summary>
    StoreCut,

    /// <summary>Every commit takes up to so many ms longer, twice: until it is written and until the answer comes.</summary>
    StoreSlow,
    WriteFails,
    WrittenUnknown,
    LostUnknown,
    InDoubt,

    /// <summary>Reading a shard back breaks off.</summary>
    ReadingBreaks,

    /// <summary>An operator's tool takes a shard over once: the owner is stale and is not told.</summary>
    Rival,
    ReceiptsLate,
    SendsRefused,

    /// <summary>A consumer hands out the last n records again.</summary>
    JumpBack,

    /// <summary>A consumer says that a shard's offset is missing: the shard stands still until its node is started again.</summary>
    OffsetMissing,
    LogEndUnknown,

    /// <summary>A node's wall clock jumps by the amount, and is set right after the span.</summary>
    ClockJump,
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Node">Index of the node that it befalls; where it befalls all, of no meaning.</param>
/// <param name="Amount">How many, or how far.</param>
public sealed record Fault(FaultKind Kind, long AtMs, long SpanMs, int Node, long Amount);
