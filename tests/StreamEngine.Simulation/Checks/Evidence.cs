using StreamEngine.Oracle;
using StreamEngine.Simulation.Runs;
using StreamEngine.Simulation.Shops;
using StreamEngine.Simulation.Worlds;
using StreamEngine.TestKit;

namespace StreamEngine.Simulation.Checks;

/// <summary>What checkers look at: the plan, the history of every shard, the topic, and what the store holds in the end.</summary>
public sealed class Evidence
{
    private readonly List<Entry>[] _shards = [.. Enumerable.Range(0, Cluster.Shards).Select(_ => new List<Entry>())];

    public Evidence(Plan plan, Cluster cluster)
    {
        (Plan, Cluster) = (plan, cluster);
        foreach (var entry in cluster.History.Entries)
        {
            if (entry.Shard >= 0)
            {
                _shards[entry.Shard].Add(entry);
            }
        }
    }

    public Plan Plan { get; }

    public Cluster Cluster { get; }

    public IReadOnlyList<Entry> Of(int shard) => _shards[shard];

    public IReadOnlyList<ClickEntry> Topic(int shard) => Cluster.Broker.Clicks[shard];

    /// <summary>Who lives in memory only may be forgotten with it: nothing about him can be foretold after a crash.</summary>
    public static bool IsBrowser(string visitor) => visitor.StartsWith(ShopWriter.BrowserPrefix, StringComparison.Ordinal);

    /// <summary>What should have come of a shard's clicks by now.</summary>
    public OracleResult Expected(int shard)
    {
        var rules = new OracleRules
        {
            Tactics = Plan.Cluster.Tactics,
            RecoveredWithinMs = Plan.Cluster.Sessions.RecoveredWithinMs,
            RememberForMs = Plan.Cluster.Sessions.RememberForMs,
        };
        var records = Topic(shard).Select(entry => new OracleRecord(entry.Offset, entry.TimestampMs, entry.IsLogAppendTime, entry.Key, entry.Value));
        return new ShopOracle(rules, Plan.Cluster.Engine.ExpireOverdue ? JudgedAt(shard) : null).Play(records, record => record.TimestampMs, EndMs);
    }

    /// <summary>The shards' time in the end; a whole tick of the deadline wheel.</summary>
    private long EndMs => (Plan.EndMs - Plan.Cluster.Engine.SettleMs) / 10 * 10;

    /// <summary>
    /// Whether a decision was too late to be of use depends on when the engine came to it. That much the oracle takes from the engine, which says it by the reason of a decision held back;
    /// <see cref="LatenessCheck"/> holds that reason against the clock. By its due time a decision is known: each visitor has milliseconds of his own.
    /// </summary>
    private Func<long, long> JudgedAt(int shard)
    {
        Dictionary<long, long> late = [];
        foreach (var row in Of(shard).OfType<Written>().SelectMany(commit => commit.Actions).Where(row => row.Held is "Expired"))
        {
            late[row.DueMs] = Math.Max(late.GetValueOrDefault(row.DueMs), row.ExpiresMs + 1);
        }
        return dueMs => late.GetValueOrDefault(dueMs);
    }
}
