using System.Buffers;
using System.Globalization;
using StreamEngine.Carts;
using StreamEngine.Carts.Sessions;
using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Faults;

/// <summary>
/// What a story must come to, as lines to compare: from an undisturbed run, or computed by anybody else. A section that is null is not known and not compared.
/// Decisions are in the order of each visitor's own time: which of two visitors a shard decides for first depends on when it learns of them.
/// </summary>
/// <param name="Decisions">Visitor, number, due, tactic, id, reason held back, hash of the action's bytes; facts and held-back decisions included.</param>
/// <param name="Published">Ids of the actions that went out.</param>
/// <param name="Sessions">Visitor and newest encoded state, without the throttle.</param>
/// <param name="Kpis">Sums over all hours: an action is counted in the hour in which it was decided.</param>
internal sealed record StoryResult(
    IReadOnlyList<string> Decisions,
    IReadOnlyList<string> Published,
    IReadOnlyList<string>? Sessions,
    IReadOnlyList<string>? Carts,
    IReadOnlyList<string>? Kpis,
    IReadOnlyList<string>? DeadLetters,
    long NextOffset)
{
    public static StoryResult Of(ShardDriver driver) => new(
        [.. DecisionsOf(driver)],
        [.. driver.PublishedIds.Order(StringComparer.Ordinal)],
        [.. SessionsOf(driver)],
        [.. driver.Memory.Carts(0).Select(cart => cart.ToString())],
        [.. driver.Memory.Kpis(0).GroupBy(kpi => (kpi.Metric, kpi.Currency)).OrderBy(group => group.Key)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key.Metric} {group.Key.Currency} {group.Sum(kpi => kpi.Amount)}"))],
        [.. driver.Memory.DeadLetters(0).Select(row => row.ToString())
            .Concat(driver.Dead.Select(message => message.Ticket).Distinct().Order().Select(ticket => string.Create(CultureInfo.InvariantCulture, $"sent {ticket}")))],
        driver.Store.Seen.Count == 0 ? 0 : driver.Memory.TakeOver(0, "reader").NextOffset);

    private static IEnumerable<string> DecisionsOf(ShardDriver driver)
    {
        foreach (var visitor in driver.Rows.GroupBy(row => row.Visitor.ToString(), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var number = 0;
            foreach (var row in visitor)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"{row.Visitor} {++number}. {row.DueMs} {row.Tactic} {row.Id} {row.Held ?? "sent"} episode {row.Episode}: {row.Reason} [{Hash64.Of(row.Data.Span):x}]");
            }
        }
    }

    /// <summary>A click that changes nothing counts against the throttle in memory only: a commit may have it or not.</summary>
    private static IEnumerable<string> SessionsOf(ShardDriver driver)
    {
        foreach (var (visitor, session) in StoredSessions.Read(driver.Memory.ReadSegments(0)).OrderBy(stored => stored.Key, StringComparer.Ordinal))
        {
            session.ThrottleUs = 0;
            var state = new ArrayBufferWriter<byte>();
            SessionCodec.Write(session, state);
            yield return $"{visitor} {Convert.ToHexString(state.WrittenSpan)}";
        }
    }
}
