using System.Text;

namespace StreamEngine.Oracle;

/// <summary>Reads one partition, record by record, and says at the end what should have been decided.</summary>
/// <param name="wallAt">When the engine got to something that was due at a time (Unix ms to Unix ms); null where nothing is judged as late.</param>
/// <param name="isRestarted">There may be restarts: what was read is kept for them.</param>
public sealed class PartitionOracle(OracleRules rules, Func<long, long>? wallAt, bool isRestarted = false)
{
    private readonly Dictionary<string, Visitor> _visitors = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _verdicts = [];
    private readonly ShardTimes _times = new();
    private readonly List<TimedRecord> _taken = [];

    /// <param name="wallMs">The wall clock when the record is read.</param>
    public void Take(OracleRecord record, long wallMs)
    {
        var timeMs = _times.Take(record, wallMs);
        var (click, verdict) = ClickReading.Read(record.Key, record.Value, rules);
        if (click is not null)
        {
            var name = Encoding.UTF8.GetString(record.Key);
            if (!_visitors.TryGetValue(name, out var visitor))
            {
                _visitors.Add(name, visitor = new Visitor(rules, record.Key, name, wallAt));
            }
            var timed = new TimedRecord(record, click, timeMs, _times.ShardMs);
            if (isRestarted)
            {
                _taken.Add(timed);
            }
            verdict = visitor.Play(timed);
        }
        _verdicts[record.Offset] = verdict!;
    }

    public void Restart(OracleRestart restart)
    {
        foreach (var visitor in _visitors.Values)
        {
            visitor.Restart(restart, _taken.Where(t => t.Record.Offset >= restart.NextOffset));
        }
    }

    /// <param name="endMs">Shard time at the end; deadlines up to it, and up to the last record, have fired.</param>
    public OracleResult End(long endMs)
    {
        foreach (var visitor in _visitors.Values)
        {
            visitor.Wait(Math.Max(endMs, _times.ShardMs));
        }
        var endings = _visitors.Where(v => v.Value.Session is not null).ToDictionary(v => v.Key, v => EndingOf(v.Key, v.Value.Session!), StringComparer.Ordinal);
        return new OracleResult([.. _visitors.Values.SelectMany(v => v.Told)], endings, _verdicts);
    }

    private static OracleEnding EndingOf(string name, OracleSession session) =>
        new(name, session.Phase, session.Episode, session.ValueMinor, session.Currency, session.Lines, session.IsDurable);
}
