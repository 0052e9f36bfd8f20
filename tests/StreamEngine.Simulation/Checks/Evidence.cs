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

    /// <summary>
    /// What should have come of a shard's clicks. The end is a span of time: the run-on, and more where clocks are skewed. What comes of the clicks at its end and not yet at its beginning is left
    /// open.
    /// </summary>
    public Expectation Expected(int shard)
    {
        var skewMs = 2 * Plan.Cluster.SkewMsMax;
        // A whole tick of the deadline wheel.
        var endMs = (Plan.EndMs - Plan.Cluster.Engine.SettleMs) / 10 * 10;
        var oracle = Play(shard);
        var result = oracle.End(endMs - skewMs);
        var later = oracle.End(endMs + Plan.RunOnMs + skewMs);
        return new Expectation(
            result.Decisions, result.Endings.Values, result.Verdicts,
            later.Decisions.Select(decision => decision.Id).Except(result.Decisions.Select(decision => decision.Id), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal),
            result.Endings.Keys.Union(later.Endings.Keys, StringComparer.Ordinal).Where(visitor => !Equals(result.Endings.GetValueOrDefault(visitor), later.Endings.GetValueOrDefault(visitor))).ToHashSet(StringComparer.Ordinal));
    }

    private PartitionOracle Play(int shard)
    {
        var sessions = Plan.Cluster.Sessions;
        var rules = new OracleRules
        {
            Tactics = Plan.Cluster.Tactics,
            IdleAfterMs = sessions.IdleAfterMs,
            ExitAfterMs = sessions.ExitAfterMs,
            RecoveredWithinMs = sessions.RecoveredWithinMs,
            RememberForMs = sessions.RememberForMs,
        };
        var oracle = new ShopOracle(rules, Plan.Cluster.Engine.ExpireOverdue ? JudgedAt(shard) : null).Begin();
        foreach (var entry in Topic(shard))
        {
            oracle.Take(new OracleRecord(entry.Offset, entry.TimestampMs, entry.IsLogAppendTime, entry.Key, entry.Value), entry.TimestampMs);
        }
        return oracle;
    }

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

/// <param name="OpenDecisions">Ids of decisions that may have been made already.</param>
/// <param name="OpenVisitors">Whose sessions may stand as they are said to, or a step further.</param>
public sealed record Expectation(
    IReadOnlyList<OracleDecision> Decisions, IEnumerable<OracleEnding> Endings, IReadOnlyDictionary<long, string> Verdicts, IReadOnlySet<string> OpenDecisions, IReadOnlySet<string> OpenVisitors);
