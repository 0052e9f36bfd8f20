namespace StreamEngine.Engine.Tests.Faults;

internal enum FaultKind
{
    /// <summary>Commit number At is not written, and says so.</summary>
    WriteFails,

    /// <summary>Commit number At is written, and nobody says so.</summary>
    WrittenUnknown,

    /// <summary>Commit number At is not written, and nobody says so.</summary>
    LostUnknown,

    /// <summary>The process ends at contact number At with the world outside, and starts again.</summary>
    Crash,

    /// <summary>At click At the process ends, and starts again after the span.</summary>
    Down,

    /// <summary>From click At on the store takes commits and does not answer for the span.</summary>
    StoreSlow,

    /// <summary>From click At on every call to the store fails for the span.</summary>
    StoreDown,

    /// <summary>From click At on the source hands out nothing for the span.</summary>
    SourceStalls,

    /// <summary>At click At the source hands out the last Amount records again.</summary>
    SourceJumpsBack,

    /// <summary>From click At on the broker does not say where its log ends, for the span.</summary>
    LogEndUnknown,

    /// <summary>At click At the engine's wall clock jumps by Amount ms; after the span it is set right again (0: never).</summary>
    ClockJumps,

    /// <summary>From click At on no receipt comes, for the span.</summary>
    ReceiptsWait,

    /// <summary>From click At on Amount messages are refused by the broker.</summary>
    SendsFail,
}

/// <summary>One thing that goes wrong.</summary>
internal sealed record Fault(FaultKind Kind, int At, long SpanMs = 0, long Amount = 0);
