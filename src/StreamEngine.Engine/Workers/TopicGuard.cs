using System.Globalization;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Sources;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Whether the topic still is the one that was read. One that was deleted and made anew has other records under the same offsets, and once it has grown past the
/// shard's offset nothing else would show it. So a shard that is opened reads the record before its offset once more: it must have the time it had. What does not
/// fit stops the shard, and a person decides.
/// </summary>
internal sealed class TopicGuard(WorkerParts parts, SlotTable slots, ShardOpener opener)
{
    private static readonly TimeSpan AskWait = TimeSpan.FromSeconds(1);

    /// <exception cref="EngineFatalException">The topic has grown since the store was made.</exception>
    public void CheckPartition(int shard)
    {
        var (topic, count) = (parts.Rules.ClicksTopic, parts.Rules.ShardCount);
        if (shard >= count)
        {
            throw new EngineFatalException(string.Create(
                CultureInfo.InvariantCulture,
                $"The topic {topic} has at least {shard + 1} partitions now, and this store was made for {count}: keys move to other partitions, away from their carts. "
                + $"What was committed stands. Make a topic with {count} partitions, copy the clicks there by key, and name it in Kafka:ClicksTopic of a new store; partitions cannot be taken away again."));
        }
    }

    /// <param name="record">One before the shard's offset.</param>
    public void Compare(Shard shard, in ClickRecord record)
    {
        var slot = slots.Find(shard.Id)!;
        if (!slot.ComparesLast || record.Offset != shard.NextOffset - 1)
        {
            return;
        }
        slot.ComparesLast = false;
        if (record.TimestampMs != shard.LastRecordMs)
        {
            Stop(slot, string.Create(
                CultureInfo.InvariantCulture,
                $"The record at offset {record.Offset} is of {Time(record.TimestampMs)}, the one that was read there was of {Time(shard.LastRecordMs)}: the topic was deleted and made anew"));
        }
    }

    /// <param name="found">What the source says, as the beginning of a sentence.</param>
    public void OnOffsetMissing(int shard, string found)
    {
        if (slots.Find(shard) is not { } slot)
        {
            return;
        }
        var end = slot.ComparesLast ? parts.Source.QueryLogEnd(shard, AskWait) : -1;
        if (slot is not { ComparesLast: true, Shard: { } open } || (end >= 0 && end < open.NextOffset))
        {
            Stop(slot, found);
            return;
        }
        // Only the record before the shard's offset is gone: it was handled, and there is nothing to compare.
        slot.ComparesLast = false;
        parts.Source.ReadFrom(shard, open.NextOffset);
    }

    /// <summary>The log reaches to the shard's offset and ends there, or behind it: there is nothing more to compare.</summary>
    public void OnEndReached(int shard, long offset)
    {
        if (slots.Find(shard) is { Shard: { } open } slot && offset >= open.NextOffset)
        {
            slot.ComparesLast = false;
        }
    }

    private void Stop(ShardSlot slot, string found) => opener.Stop(slot, string.Create(
        CultureInfo.InvariantCulture,
        $"{found}. Nothing was skipped. Stop this node, then decide: 'streamengine shard show {slot.Id}' shows where it is, 'streamengine shard skip-to {slot.Id} OFFSET' goes on elsewhere, "
        + $"'streamengine shard forget {slot.Id}' begins anew; and start the node again."));

    private static string Time(long ms) => ms <= 0 ? "no time" : DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
