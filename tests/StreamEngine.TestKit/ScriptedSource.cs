using StreamEngine.Engine.Sources;

namespace StreamEngine.TestKit;

/// <summary>
/// A consumer of a <see cref="ClickTopic"/>. Like Kafka's it hands out records only of shards that are assigned, placed and not paused, pauses last
/// until they are resumed, and the group speaks from inside <see cref="TryRead"/>.
/// </summary>
public sealed class ScriptedSource(ClickTopic topic, TimeProvider time, CrashPoints? crashes = null, Journal? journal = null) : IClickSource
{
    private readonly Dictionary<int, Flow> _flows = [];
    private readonly Queue<Action<IShardAssignee>> _groupEvents = new();
    private IShardAssignee? _assignee;
    private long[] _heardEnds = [];
    private long? _deafSince;
    private int _turn;

    /// <summary>The broker does not say where its log ends.</summary>
    public bool IsLogEndUnknown { get; set; }

    /// <summary>No record comes, as from a broker that hangs.</summary>
    public bool IsStalled { get; set; }

    /// <summary>The client fetches nothing more, as one whose queue is full of another shard's records: of what is appended from now on it knows nothing.</summary>
    public bool IsDeaf
    {
        get => _deafSince is not null;
        set
        {
            _heardEnds = [.. Enumerable.Range(0, topic.PartitionCount).Select(topic.End)];
            _deafSince = value ? time.GetTimestamp() : null;
        }
    }

    /// <summary>Calls of <see cref="TryRead"/>: a worker that stops to make them loses its place in the group.</summary>
    public long Polls { get; private set; }

    public long Records { get; private set; }

    /// <summary>What becomes of the time that a call waits in vain; without it none passes.</summary>
    public Action<TimeSpan>? Waiting { get; set; }

    public Dictionary<int, long> Reported { get; } = [];

    public bool IsPaused(int shard) => _flows.TryGetValue(shard, out var flow) && flow.IsPaused;

    public void Assign(params int[] shards) => _groupEvents.Enqueue(assignee =>
    {
        foreach (var shard in shards)
        {
            _flows[shard] = new Flow();
        }
        assignee.OnAssigned(shards);
    });

    public void Revoke(params int[] shards) => _groupEvents.Enqueue(assignee =>
    {
        assignee.OnRevoked(shards);
        Forget(shards);
    });

    public void Lose(params int[] shards) => _groupEvents.Enqueue(assignee =>
    {
        Forget(shards);
        assignee.OnLost(shards);
    });

    public void LoseOffset(int shard, string found) => _groupEvents.Enqueue(assignee => assignee.OnOffsetMissing(shard, found));

    /// <summary>The next record is again the one at <paramref name="offset"/>: what a consumer may do after a rebalance.</summary>
    public void JumpBack(int shard, long offset)
    {
        if (_flows.TryGetValue(shard, out var flow))
        {
            flow.Next = Math.Min(flow.Next, offset);
        }
    }

    public void Start(IShardAssignee assignee) => _assignee = assignee;

    public bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        Polls++;
        record = default;
        while (_groupEvents.TryDequeue(out var tell))
        {
            tell(_assignee!);
        }
        if (IsStalled)
        {
            return false;
        }
        for (var i = 0; i < topic.PartitionCount; i++)
        {
            var shard = _turn++ % topic.PartitionCount;
            if (_flows.TryGetValue(shard, out var flow) && flow.IsReading && !flow.IsPaused && topic.TryFind(shard, flow.Next) is { } entry && entry.Offset < HeardEnd(shard))
            {
                crashes?.Pass();
                Records++;
                journal?.Read(entry.Offset);
                flow.Next = entry.Offset + 1;
                record.Shard = shard;
                record.Offset = entry.Offset;
                record.TimestampMs = entry.TimestampMs;
                record.IsLogAppendTime = entry.IsLogAppendTime;
                record.Key = entry.Key;
                record.Value = entry.Value;
                return true;
            }
        }
        TellEnds();
        Waiting?.Invoke(wait);
        return false;
    }

    public void ReadFrom(int shard, long offset)
    {
        if (_flows.TryGetValue(shard, out var flow))
        {
            (flow.Next, flow.IsReading) = (Math.Max(0, offset), true);
        }
    }

    public void Pause(int shard)
    {
        if (_flows.TryGetValue(shard, out var flow))
        {
            flow.IsPaused = true;
        }
    }

    public void Resume(int shard)
    {
        if (_flows.TryGetValue(shard, out var flow))
        {
            flow.IsPaused = false;
        }
    }

    public long LogEnd(int shard, out TimeSpan age)
    {
        age = _deafSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        return IsLogEndUnknown ? -1 : HeardEnd(shard);
    }

    public long QueryLogEnd(int shard, TimeSpan wait) => IsLogEndUnknown ? -1 : topic.End(shard);

    public void ReportCommitted(int shard, long nextOffset) => Reported[shard] = nextOffset;

    public void Dispose() => _flows.Clear();

    private long HeardEnd(int shard) => IsDeaf ? _heardEnds[shard] : topic.End(shard);

    private void TellEnds()
    {
        foreach (var (shard, flow) in _flows)
        {
            if (flow.IsReading && !flow.IsPaused && HeardEnd(shard) > flow.Next)
            {
                flow.Next = HeardEnd(shard);
                _assignee!.OnEndReached(shard, flow.Next);
            }
        }
    }

    private void Forget(int[] shards)
    {
        foreach (var shard in shards)
        {
            _flows.Remove(shard);
        }
    }

    private sealed class Flow
    {
        public bool IsReading;
        public bool IsPaused;
        public long Next;
    }
}
