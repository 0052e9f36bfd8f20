using StreamEngine.Engine.Sources;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Knows whether a shard has read everything that its source knows of, and since when that is certain. Only such a shard may follow the wall clock, and no further
/// than to then; where the log end is unknown it may not.
/// </summary>
internal sealed class LogEnds(IClickSource source)
{
    /// <param name="age">So long ago it was so for certain.</param>
    public bool HasReadEverything(ShardSlot slot, out TimeSpan age)
    {
        var known = source.LogEnd(slot.Id, out age);
        var isKnown = known >= 0 && age < TimeSpan.MaxValue;
        return isKnown && Math.Max(0, slot.Shard!.NextOffset) >= known;
    }
}
