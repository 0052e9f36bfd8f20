namespace StreamEngine.Host.Clickstreams;

/// <summary>One input record before it is in a partition: what a producer would send.</summary>
/// <param name="Key">Who clicked. A stream may hand out the same array for every click of one visitor: read only.</param>
/// <param name="Value">Segment JSON in UTF-8. The memory belongs to the stream and holds until its next click is asked for.</param>
/// <param name="TimeMs">The record's own time, Unix ms; 0 where the source says none.</param>
public readonly record struct RawClick(byte[] Key, ReadOnlyMemory<byte> Value, long TimeMs);
