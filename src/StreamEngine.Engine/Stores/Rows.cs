using StreamEngine.Carts;

namespace StreamEngine.Engine.Stores;

/// <summary>
/// A line of the cart ledger: a session's cart as it was when its phase changed. The newest of a (shard, started_ms, visitor) is how the cart is now. A visitor who
/// comes back after his session was forgotten has another cart.
/// </summary>
/// <param name="StartedMs">When the session began, Unix ms.</param>
/// <param name="Phase">Name of the phase.</param>
/// <param name="AbandonedMs">Unix ms; 0 if not abandoned.</param>
public readonly record struct CartRow(
    Utf8Text Visitor, long StartedMs, int Episode, string Phase, long ValueMinor, string Currency, int LineCount, long AbandonedMs, long UpdatedMs);

/// <summary>
/// A decision: an action in the outbox, or one held back. Decided again after an operator has sent the shard back in its topic, it is another row with the id it had. In a
/// commit its texts lie in <see cref="ShardCommit.Texts"/> and are void when the commit is used again: <see cref="Kept"/> for who looks later.
/// </summary>
/// <param name="Seq">Position in the shard's outbox, from 1 and without gaps; 0 for an action held back.</param>
/// <param name="Id">32 hex digits.</param>
/// <param name="Held">Reason code, or null where the action was emitted.</param>
/// <param name="Reason">Plain sentences, joined by "; ".</param>
/// <param name="Data">The CloudEvent's JSON data, as it is published and without white space around its tokens; empty for none.</param>
public readonly record struct ActionRow(
    long Seq, Utf8Text Id, Utf8Text Visitor, int Episode, string Tactic, string Kind, string? Variant, string? Held, Utf8Text Reason,
    long DueMs, long NotBeforeMs, long ExpiresMs, long DecidedMs, ReadOnlyMemory<byte> Data)
{
    /// <summary>The same with texts of its own.</summary>
    public ActionRow Kept() => this with { Id = Id.Kept(), Reason = Reason.Kept(), Data = Data.ToArray() };
}

/// <summary>Adds <paramref name="Amount"/> to one figure of one hour.</summary>
/// <param name="HourMs">Start of the hour in shard time, Unix ms.</param>
/// <param name="Metric">e.g. "carts_abandoned", "value_recovered", "sent:email-1h", "held:email-1h:HoldOut".</param>
/// <param name="Currency">Empty for counts; amounts of money are in minor units.</param>
public sealed record KpiDelta(long HourMs, string Metric, string Currency, long Amount);

/// <summary>A record that could not be read. The record itself is in the dead-letter topic.</summary>
public sealed record DeadLetterRow(long Offset, string Reason, string? Field, long BytePosition, long TimeMs);

/// <summary>Personal data of one visitor, kept apart from everything else so that it can be erased. Null leaves a column as it is.</summary>
public sealed record ContactRow(string Ref, string Visitor, string? Email, string? Phone, string? Locale, string? TimeZone, long UpdatedMs);
