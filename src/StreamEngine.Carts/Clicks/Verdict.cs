namespace StreamEngine.Carts.Clicks;

/// <summary>What became of a record. Every record gets exactly one, and each is counted.</summary>
public enum Verdict : byte
{
    Applied,
    Duplicate,
    Stale,
    Reopened,
    Malformed,
    Throttled,

    /// <summary>Well-formed, but not an event the engine listens to.</summary>
    Ignored,
}

public enum ParseOutcome : byte
{
    Click,
    Ignored,
    Malformed,
}
