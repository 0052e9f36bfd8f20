namespace StreamEngine.Oracle;

/// <summary>
/// The times of a partition's records as docs/time.md gives them: never backwards and never past the wall clock for the shard, clamped for the record, and a jump of more than an hour under
/// producers' clocks counts only when eight records in a row agree.
/// </summary>
internal sealed class ShardTimes
{
    private const long HourMs = 3_600_000;
    private readonly List<long> _jumps = [];

    public long ShardMs { get; private set; }

    /// <returns>The record's own time.</returns>
    public long Take(OracleRecord record, long wallMs)
    {
        if (record.TimestampMs <= 0)
        {
            ShardMs = ShardMs == 0 ? wallMs : ShardMs;
            return ShardMs;
        }
        var timeMs = Math.Max(Math.Min(record.TimestampMs, wallMs + 60_000), ShardMs - 24 * HourMs);
        var isOfAPlausibleYear = record.TimestampMs <= wallMs + 60_000 && DateTimeOffset.FromUnixTimeMilliseconds(record.TimestampMs).Year >= 2000;
        if (!record.IsLogAppendTime && !isOfAPlausibleYear)
        {
            return timeMs;
        }
        if (record.IsLogAppendTime || ShardMs == 0 || timeMs - ShardMs <= HourMs)
        {
            _jumps.Clear();
            ShardMs = Math.Max(ShardMs, Math.Min(timeMs, wallMs));
            return timeMs;
        }
        if (_jumps.Count > 0 && Math.Abs(timeMs - _jumps[^1]) > HourMs)
        {
            _jumps.Clear();
        }
        _jumps.Add(timeMs);
        if (_jumps.Count == 8)
        {
            ShardMs = Math.Min(timeMs, wallMs);
            _jumps.Clear();
        }
        return timeMs;
    }
}
