using System.Text;
using StreamEngine.Simulation.Worlds;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Checks;

/// <summary>
/// Nobody is reminded of what he has bought: between the moment at which a cart was left and a reminder's due time there is no purchase of this visitor in the partition. Knows
/// nothing of sessions: it reads the words "Order Completed" in the topic, and a reminder's distance from the abandonment from the tactics.
/// </summary>
public static class PurchaseCheck
{
    public static IEnumerable<(long AtMs, string What)> Complaints(Evidence evidence)
    {
        var offsets = evidence.Plan.Cluster.Tactics.Tactics.Where(tactic => tactic.On.Kind == Carts.Tactics.TriggerKind.Abandoned)
            .ToDictionary(tactic => tactic.Name, tactic => tactic.On.AfterMs, StringComparer.Ordinal);
        for (var shard = 0; shard < Cluster.Shards; shard++)
        {
            var purchases = evidence.Topic(shard).Where(IsPurchase).ToLookup(entry => Encoding.UTF8.GetString(entry.Key), entry => entry.TimestampMs, StringComparer.Ordinal);
            foreach (var commit in evidence.Of(shard).OfType<Written>())
            {
                foreach (var row in commit.Actions.Where(row => row.Held is null && offsets.ContainsKey(row.Tactic)))
                {
                    var leftMs = row.DueMs - offsets[row.Tactic];
                    foreach (var boughtMs in purchases[row.Visitor.ToString()].Where(boughtMs => boughtMs >= leftMs && boughtMs < row.DueMs))
                    {
                        yield return (commit.AtMs, $"{row.Tactic} reminds {row.Visitor} at {row.DueMs} of a cart that was left at {leftMs} and bought at {boughtMs}");
                    }
                }
            }
        }
    }

    private static bool IsPurchase(ClickEntry entry) => entry.Value.AsSpan().IndexOf("\"Order Completed\""u8) >= 0;
}
