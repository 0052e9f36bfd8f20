namespace StreamEngine.Oracle;

/// <param name="TimeMs">The record's time, Unix ms.</param>
/// <param name="ShardMs">The shard's time when it was read.</param>
internal sealed record TimedRecord(OracleRecord Record, OracleClick Click, long TimeMs, long ShardMs);
