using StreamEngine.Engine.Sources;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>The production source, with every click of a new visitor and every commit told to a tally.</summary>
public sealed class WatchedSource(IClickSource inner, ActionTally tally) : IClickSource
{
    public void Start(IShardAssignee assignee) => inner.Start(assignee);

    public bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        if (!inner.TryRead(wait, out record))
        {
            return false;
        }
        tally.AddRead(record.Key);
        return true;
    }

    public void ReadFrom(int shard, long offset) => inner.ReadFrom(shard, offset);

    public void Pause(int shard) => inner.Pause(shard);

    public void Resume(int shard) => inner.Resume(shard);

    public long LogEnd(int shard, out TimeSpan age) => inner.LogEnd(shard, out age);

    public long QueryLogEnd(int shard, TimeSpan wait) => inner.QueryLogEnd(shard, wait);

    public void ReportCommitted(int shard, long nextOffset)
    {
        tally.AddCommitted(shard, nextOffset);
        inner.ReportCommitted(shard, nextOffset);
    }

    public void Dispose() => inner.Dispose();
}
