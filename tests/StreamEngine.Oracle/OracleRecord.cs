namespace StreamEngine.Oracle;

/// <summary>One record of the clicks topic as it lies in its partition.</summary>
/// <param name="TimestampMs">Unix ms; the broker's where <paramref name="IsLogAppendTime"/>, else the producer's; 0 or less where there is none.</param>
public sealed record OracleRecord(long Offset, long TimestampMs, bool IsLogAppendTime, byte[] Key, byte[] Value);
