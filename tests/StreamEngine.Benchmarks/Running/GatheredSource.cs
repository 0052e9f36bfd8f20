using StreamEngine.Engine.Sources;

namespace StreamEngine.Benchmarks.Running;

/// <summary>Tells when the group has spread all shards over all workers of a run.</summary>
public sealed class Gathering(int workers, int shards)
{
    private readonly int[] _assigned = new int[workers];

    public bool IsComplete { get; private set; }

    public void Count(int worker, int change)
    {
        lock (_assigned)
        {
            _assigned[worker] += change;
            IsComplete |= _assigned.Sum() == shards && _assigned.All(static count => count > 0);
        }
    }
}

/// <summary>
/// A source that holds its clicks back until every worker has its shards. Without it the first worker begins alone, and what it read moves to the second
/// through the store: a run would measure a rebalance of the group as well, and a store that keeps nothing would lose sessions in it.
/// </summary>
public sealed class GatheredSource(IClickSource inner, Gathering gathering, int worker) : IClickSource, IShardAssignee
{
    private readonly Dictionary<int, long> _waiting = [];
    private IShardAssignee? _assignee;
    private bool _isOpen;

    public void Start(IShardAssignee assignee)
    {
        _assignee = assignee;
        inner.Start(this);
    }

    public bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        if (!_isOpen && gathering.IsComplete)
        {
            _isOpen = true;
            foreach (var (shard, offset) in _waiting)
            {
                inner.ReadFrom(shard, offset);
            }
        }
        return inner.TryRead(wait, out record);
    }

    public void ReadFrom(int shard, long offset)
    {
        if (_isOpen)
        {
            inner.ReadFrom(shard, offset);
        }
        else
        {
            _waiting[shard] = offset;
        }
    }

    public void Pause(int shard) => inner.Pause(shard);

    public void Resume(int shard) => inner.Resume(shard);

    public long LogEnd(int shard, out TimeSpan age) => inner.LogEnd(shard, out age);

    public long QueryLogEnd(int shard, TimeSpan wait) => inner.QueryLogEnd(shard, wait);

    public void ReportCommitted(int shard, long nextOffset) => inner.ReportCommitted(shard, nextOffset);

    public void OnAssigned(IReadOnlyList<int> shards)
    {
        gathering.Count(worker, shards.Count);
        _assignee!.OnAssigned(shards);
    }

    public void OnRevoked(IReadOnlyList<int> shards)
    {
        Leave(shards);
        _assignee!.OnRevoked(shards);
    }

    public void OnLost(IReadOnlyList<int> shards)
    {
        Leave(shards);
        _assignee!.OnLost(shards);
    }

    public void OnEndReached(int shard, long offset) => _assignee!.OnEndReached(shard, offset);

    public void OnOffsetMissing(int shard, string found) => _assignee!.OnOffsetMissing(shard, found);

    public void Dispose() => inner.Dispose();

    private void Leave(IReadOnlyList<int> shards)
    {
        gathering.Count(worker, -shards.Count);
        foreach (var shard in shards)
        {
            _waiting.Remove(shard);
        }
    }
}
