using StreamEngine.Engine.Sources;
using StreamEngine.Simulation.Nodes;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Kafka;

/// <summary>
/// A worker's consumer: hands out records of the shards that it believes to have, in turn. The group speaks from inside <see cref="TryRead"/>. A consumer that was put out and
/// not told goes on reading. Where the broker cannot be reached nothing comes, and where the logs end is not known.
/// </summary>
public sealed class WorkerSource(Cluster cluster, NodeWorker worker) : IClickSource
{
    private readonly SortedDictionary<int, Flow> _flows = [];
    private IShardAssignee? _assignee;
    private int _turn;

    private World World => cluster.World;

    public IEnumerable<int> Shards => _flows.Keys;

    public bool Reads(int shard) => _flows.ContainsKey(shard);

    /// <summary>The next record is again one that was handed out before.</summary>
    public void JumpBack(int shard, long records)
    {
        if (_flows.TryGetValue(shard, out var flow) && flow.IsReading)
        {
            flow.Next = Math.Max(0, flow.Next - records);
        }
    }

    /// <summary>The broker says that it has no record at the shard's offset.</summary>
    public void LoseOffset(int shard)
    {
        if (_flows.TryGetValue(shard, out var flow) && flow.IsReading)
        {
            flow.IsLost = true;
        }
    }

    public void Start(IShardAssignee assignee) => _assignee = assignee;

    public bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        record = default;
        worker.Process.Contact();
        if (!cluster.Broker.Reaches(worker.Node))
        {
            return false;
        }
        HearGroup();
        for (var i = 0; i < Cluster.Shards; i++)
        {
            var shard = _turn++ % Cluster.Shards;
            if (!_flows.TryGetValue(shard, out var flow) || !flow.IsReading)
            {
                continue;
            }
            if (flow.IsLost)
            {
                (flow.IsLost, flow.IsReading) = (false, false);
                _assignee!.OnOffsetMissing(shard, $"asked for offset {flow.Next}, the log does not hold it");
                continue;
            }
            if (flow.IsPaused)
            {
                continue;
            }
            if (cluster.Broker.Clicks.TryFind(shard, flow.Next) is not { } entry)
            {
                TellEnd(shard, flow);
                continue;
            }
            cluster.Contacts++;
            flow.Next = entry.Offset + 1;
            cluster.History.Add(new Handed(World.NowMs, shard, worker.Life, entry.Offset));
            World.Trace.Add(World.NowMs, worker.Life, $"reads shard {shard} offset {entry.Offset}");
            record.Shard = shard;
            record.Offset = entry.Offset;
            record.TimestampMs = entry.TimestampMs;
            record.IsLogAppendTime = entry.IsLogAppendTime;
            record.Key = entry.Key;
            record.Value = entry.Value;
            return true;
        }
        return false;
    }

    public void ReadFrom(int shard, long offset)
    {
        if (_flows.TryGetValue(shard, out var flow))
        {
            (flow.Next, flow.IsReading) = (Math.Max(0, offset), true);
            cluster.History.Add(new Placed(World.NowMs, shard, worker.Life, flow.Next));
            World.Trace.Add(World.NowMs, worker.Life, $"reads shard {shard} from offset {flow.Next}");
        }
    }

    public void Pause(int shard) => SetPaused(shard, true);

    public void Resume(int shard) => SetPaused(shard, false);

    public long LogEnd(int shard, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        return QueryLogEnd(shard, TimeSpan.Zero);
    }

    public long QueryLogEnd(int shard, TimeSpan wait) => cluster.Broker.Reaches(worker.Node) && worker.Node.LogEndsUnknown == 0 ? cluster.Broker.Clicks.End(shard) : -1;

    public void ReportCommitted(int shard, long nextOffset)
    {
        // Lag tools read it, nobody else.
    }

    public void Dispose() => _flows.Clear();

    private void TellEnd(int shard, Flow flow)
    {
        var end = cluster.Broker.Clicks.End(shard);
        if (flow.Next < end)
        {
            flow.Next = end;
            _assignee!.OnEndReached(shard, end);
        }
    }

    private void HearGroup()
    {
        var member = worker.Member;
        if (member is { IsIn: false, OutToldMs: { } toldMs })
        {
            if (World.NowMs >= toldMs)
            {
                HearOut();
            }
            return;
        }
        while (member.Notices.TryDequeue(out var notice))
        {
            cluster.Contacts++;
            if (!notice.IsRevoked)
            {
                World.Trace.Add(World.NowMs, worker.Life, $"is given shards {string.Join(", ", notice.Shards)}", Weight.News);
                foreach (var shard in notice.Shards)
                {
                    _flows[shard] = new Flow();
                }
                _assignee!.OnAssigned(notice.Shards);
                continue;
            }
            World.Trace.Add(World.NowMs, worker.Life, $"is to give up shards {string.Join(", ", notice.Shards)}", Weight.News);
            worker.Node.Clock.IsWaitedFor = true;
            _assignee!.OnRevoked(notice.Shards);
            worker.Node.Clock.IsWaitedFor = false;
            Forget(notice.Shards);
            cluster.Group.Released(member, notice.Shards);
        }
    }

    private void HearOut()
    {
        cluster.Contacts++;
        List<int> lost = [.. _flows.Keys];
        World.Trace.Add(World.NowMs, worker.Life, $"hears that it was put out of the group: lost shards {string.Join(", ", lost)}", Weight.News);
        _flows.Clear();
        _assignee!.OnLost(lost);
        cluster.Group.Join(worker.Member);
    }

    private void SetPaused(int shard, bool isPaused)
    {
        if (_flows.TryGetValue(shard, out var flow))
        {
            flow.IsPaused = isPaused;
        }
    }

    private void Forget(IReadOnlyList<int> shards)
    {
        foreach (var shard in shards)
        {
            _flows.Remove(shard);
        }
    }

    private sealed class Flow
    {
        public bool IsReading { get; set; }
        public bool IsPaused { get; set; }
        public bool IsLost { get; set; }
        public long Next { get; set; }
    }
}
