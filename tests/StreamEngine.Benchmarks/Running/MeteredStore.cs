using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Benchmarks.Running;

/// <summary>The store under measurement, with every commit counted when it is durable. Adds a small object a commit, nothing a click.</summary>
/// <param name="onSubmit">Sees every batch before the store does, on the worker's thread.</param>
public sealed class MeteredStore(IShardStore inner, Action<CommitBatch>? onSubmit = null) : IShardStore
{
    private readonly Lock _lock = new();
    private readonly Latencies _latencies = new();
    private readonly Dictionary<string, long> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Metric, string Currency), long> _kpis = [];

    public long Commits => _latencies.Count;

    public long SegmentBytes { get; private set; }

    public long DeadLetters { get; private set; }

    /// <summary>Emitted actions.</summary>
    public long Emitted { get; private set; }

    public Latencies Latencies => _latencies;

    /// <summary>Begins anew, and says what was: while commits go on.</summary>
    public string TakeTimes()
    {
        lock (_lock)
        {
            var times = _latencies.ToString();
            _latencies.Clear();
            return times;
        }
    }

    public EngineFatalException? Loss => inner.Loss;

    /// <summary>Emitted actions of this kind.</summary>
    public long Kind(string kind) => _kinds.GetValueOrDefault(kind);

    /// <summary>Over all hours.</summary>
    public long Kpi(string metric, string currency = "") => _kpis.GetValueOrDefault((metric, currency));

    public void Provision(string topic, int shardCount) => inner.Provision(topic, shardCount);

    public ShardLease TakeOver(int shard, string owner) => inner.TakeOver(shard, owner);

    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard) => inner.ReadSegments(shard);

    public IReadOnlyList<ActionRow> ReadOutbox(int shard, long afterSeq, int countMax) => inner.ReadOutbox(shard, afterSeq, countMax);

    public void Submit(CommitBatch batch)
    {
        onSubmit?.Invoke(batch);
        var start = TimeProvider.System.GetTimestamp();
        var metered = new CommitBatch(() =>
        {
            Add(batch, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            batch.Complete();
        });
        metered.Shards.AddRange(batch.Shards);
        inner.Submit(metered);
    }

    public long ResolveCommitSeq(int shard, long epoch) => inner.ResolveCommitSeq(shard, epoch);

    public ShardRecord ReadShard(int shard) => inner.ReadShard(shard);

    public void Repair(ShardRepair repair) => inner.Repair(repair);

    public void Dispose() => inner.Dispose();

    private void Add(CommitBatch batch, double ms)
    {
        lock (_lock)
        {
            _latencies.Add(ms);
            foreach (var commit in batch.Shards.Where(static commit => commit.Outcome == CommitOutcome.Committed))
            {
                SegmentBytes += commit.Segment.WrittenCount;
                DeadLetters += commit.DeadLetters.Count;
                commit.Actions.ForEach(Add);
                commit.Kpis.ForEach(kpi => _kpis[(kpi.Metric, kpi.Currency)] = Kpi(kpi.Metric, kpi.Currency) + kpi.Amount);
            }
        }
    }

    private void Add(ActionRow row)
    {
        if (row.Held is null)
        {
            Emitted++;
            _kinds[row.Kind] = Kind(row.Kind) + 1;
        }
    }
}
