using System.Text;

namespace StreamEngine.Oracle;

/// <summary>
/// What the engine should have done: a slow reading of whole partitions by the rules as the documents give them. It knows no wheel, no commit, no restart, and
/// shares with the engine only the tactics as they were read from their file.
/// </summary>
/// <param name="wallAt">When the engine got to something that was due at a time (Unix ms to Unix ms); null where nothing is judged as late.</param>
public sealed class ShopOracle(OracleRules rules, Func<long, long>? wallAt = null)
{
    /// <summary>Plays one partition.</summary>
    /// <param name="wallAtRecord">The wall clock when a record was read.</param>
    /// <param name="endMs">Shard time at the end; deadlines up to it have fired.</param>
    /// <param name="restarts">In the order of their offsets.</param>
    public OracleResult Play(
        IEnumerable<OracleRecord> partition, Func<OracleRecord, long> wallAtRecord, long endMs, IReadOnlyList<OracleRestart>? restarts = null)
    {
        var oracle = Begin(isRestarted: restarts is not null);
        foreach (var record in partition)
        {
            foreach (var restart in restarts?.Where(r => r.BeforeOffset == record.Offset) ?? [])
            {
                oracle.Restart(restart);
            }
            oracle.Take(record, wallAtRecord(record));
        }
        return oracle.End(endMs);
    }

    /// <summary>For a partition that comes piece by piece.</summary>
    public PartitionOracle Begin(bool isRestarted = false) => new(rules, wallAt, isRestarted);

    /// <summary>The id that a decision has when its session began at this time.</summary>
    public string IdOf(OracleDecision decision, long startedMs)
    {
        var isFact = decision.Action is "cart_abandoned" or "cart_recovered" or "action_cancelled";
        return new Draws(rules).IdOf(Encoding.UTF8.GetBytes(decision.Visitor), startedMs, decision.Episode, decision.Tactic, isFact ? 0 : decision.Occurrence);
    }
}
