using StreamEngine.Engine.Sources;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Knows whether a shard has read everything there is: what was there at take-over and what the client has heard of since. Only such a shard may
/// follow the wall clock; where the log end is unknown it may not.
/// </summary>
internal sealed class LogEnds(IClickSource source, TimeProvider time)
{
    private static readonly TimeSpan AskWait = TimeSpan.FromMilliseconds(200);

    private long _askAt = long.MinValue;

    /// <param name="age">So long ago it was so for certain.</param>
    public bool HasReadEverything(ShardSlot slot, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        var next = Math.Max(0, slot.Shard!.NextOffset);
        if (slot.LogEndAtStart < 0 && !TryAsk(slot))
        {
            return false;
        }
        var known = source.LogEnd(slot.Id, out age);
        return known >= 0 && next >= slot.LogEndAtStart && next >= known;
    }

    private bool TryAsk(ShardSlot slot)
    {
        if (time.GetTimestamp() < _askAt)
        {
            return false;
        }
        slot.LogEndAtStart = source.QueryLogEnd(slot.Id, AskWait);
        if (slot.LogEndAtStart >= 0)
        {
            return true;
        }
        // The broker does not answer: no shard asks for a second, or sixty of them would keep the worker from its poll for twelve.
        _askAt = time.GetTimestamp() + time.TimestampFrequency;
        return false;
    }
}
