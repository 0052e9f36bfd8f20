namespace StreamEngine.Oracle;

/// <summary>One decision: an action sent, a fact told, or an action held back.</summary>
/// <param name="Id">32 hex digits, as docs/tactics.md lays them out.</param>
/// <param name="Action">The word of the action, such as chat_prompt or cart_abandoned.</param>
/// <param name="Occurrence">The how manieth decision of this tactic in the session, from 1; 1 for facts.</param>
/// <param name="Held">Why it was not sent; empty where it was.</param>
/// <param name="Lines">The cart's lines as "product x quantity @ price in minor units", in the cart's order; "?" for no price.</param>
public sealed record OracleDecision(
    string Id,
    string Visitor,
    string Action,
    string Tactic,
    int Episode,
    int Occurrence,
    string Held,
    long DueMs,
    long NotBeforeMs,
    long ExpiresMs,
    string Variant,
    string Template,
    string Offer,
    string Phase,
    long ValueMinor,
    string Currency,
    string Lines);

/// <summary>How a visitor's session stands when all is played.</summary>
/// <param name="IsDurable">It is written; who only browses lives in memory.</param>
public sealed record OracleEnding(string Visitor, string Phase, int Episode, long ValueMinor, string Currency, string Lines, bool IsDurable);

/// <summary>
/// The engine was killed before it read this offset, when the shard's time was <paramref name="AtMs"/>. At <paramref name="BackMs"/> it starts again at the offset of its last commit: who only
/// browsed before is forgotten, and who only browsed since is read again.
/// </summary>
public sealed record OracleRestart(long BeforeOffset, long AtMs, long BackMs, long NextOffset);

/// <param name="Decisions">In the order in which each visitor's happened; by visitor.</param>
/// <param name="Endings">Of the sessions that still live.</param>
/// <param name="Verdicts">By offset.</param>
public sealed record OracleResult(
    IReadOnlyList<OracleDecision> Decisions, IReadOnlyDictionary<string, OracleEnding> Endings, IReadOnlyDictionary<long, string> Verdicts);
