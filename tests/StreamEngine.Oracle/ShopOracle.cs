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
        IReadOnlyList<OracleRecord> partition, Func<OracleRecord, long> wallAtRecord, long endMs, IReadOnlyList<OracleRestart>? restarts = null)
    {
        var visitors = new Dictionary<string, Visitor>(StringComparer.Ordinal);
        var verdicts = new Dictionary<long, string>();
        var times = new ShardTimes();
        var taken = new List<TimedRecord>();
        foreach (var record in partition)
        {
            foreach (var restart in restarts?.Where(r => r.BeforeOffset == record.Offset) ?? [])
            {
                foreach (var visitor in visitors.Values)
                {
                    visitor.Restart(restart, taken.Where(t => t.Record.Offset >= restart.NextOffset));
                }
            }
            var timeMs = times.Take(record, wallAtRecord(record));
            var (click, verdict) = ClickReading.Read(record.Key, record.Value, rules);
            if (click is not null)
            {
                var name = Encoding.UTF8.GetString(record.Key);
                if (!visitors.TryGetValue(name, out var visitor))
                {
                    visitors.Add(name, visitor = new Visitor(rules, record.Key, name, wallAt));
                }
                var timed = new TimedRecord(record, click, timeMs, times.ShardMs);
                taken.Add(timed);
                verdict = visitor.Play(timed);
            }
            verdicts[record.Offset] = verdict!;
        }
        foreach (var visitor in visitors.Values)
        {
            visitor.Wait(Math.Max(endMs, times.ShardMs));
        }
        var endings = visitors.Where(v => v.Value.Session is not null).ToDictionary(v => v.Key, v => EndingOf(v.Key, v.Value.Session!), StringComparer.Ordinal);
        return new OracleResult([.. visitors.Values.SelectMany(v => v.Told)], endings, verdicts);
    }

    private static OracleEnding EndingOf(string name, OracleSession session) =>
        new(name, session.Phase, session.Episode, session.ValueMinor, session.Currency, session.Lines, session.IsDurable);
}
