using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Memory;

/// <summary>
/// Shards in memory under the contract of the databases, fencing included: for replays, which need nothing afterwards, and for tests.
/// A batch is done when <see cref="Submit"/> returns. What is written outlives nothing but the shards' owners.
/// </summary>
/// <param name="keep">False keeps who owns a shard and how far it is, but no segments and no rows: memory stays flat however long it runs.</param>
public sealed class MemoryShardStore(bool keep = true) : IShardStore
{
    private const string Name = "The store in memory";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ContactRow> _contacts = new(StringComparer.Ordinal);
    private MemoryShard[] _shards = [];
    private string? _topic;

    public EngineFatalException? Loss => null;

    public IReadOnlyCollection<ContactRow> Contacts
    {
        get
        {
            lock (_gate) return [.. _contacts.Values.OrderBy(row => row.Ref, StringComparer.Ordinal)];
        }
    }

    public void Provision(string topic, int shardCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        lock (_gate)
        {
            if (_topic is null)
            {
                _topic = topic;
                _shards = new MemoryShard[shardCount];
                for (var shard = 0; shard < shardCount; shard++) _shards[shard] = new MemoryShard(shard);
                return;
            }
            if (!string.Equals(_topic, topic, StringComparison.Ordinal)) throw Fences.OtherTopic(Name, _topic, topic);
            if (_shards.Length != shardCount) throw Fences.OtherShardCount(Name, topic, _shards.Length, shardCount);
        }
    }

    public ShardLease TakeOver(int shard, string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        lock (_gate) return (Find(shard) ?? throw Fences.UnknownShard(Name, shard)).TakeOver(owner);
    }

    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard)
    {
        byte[][] segments;
        lock (_gate) segments = Find(shard)?.Segments() ?? [];
        foreach (var segment in segments) yield return segment;
    }

    public IReadOnlyList<ActionRow> ReadOutbox(int shard, long afterSeq, int countMax) =>
        Rows(shard, found => found.Actions.Where(row => row.Seq > 0 && row.Seq > afterSeq).OrderBy(row => row.Seq).Take(countMax));

    public void Submit(CommitBatch batch)
    {
        lock (_gate)
        {
            foreach (var commit in batch.Shards) Write(commit);
        }
        batch.Complete();
    }

    public long ResolveCommitSeq(int shard, long epoch)
    {
        lock (_gate) return Find(shard) is { } found && found.Epoch == epoch ? found.CommitSeq : -1;
    }

    public ShardRecord ReadShard(int shard)
    {
        lock (_gate) return (Find(shard) ?? throw Fences.UnknownShard(Name, shard)).Record();
    }

    public void Repair(ShardRepair repair)
    {
        lock (_gate) (Find(repair.Shard) ?? throw Fences.UnknownShard(Name, repair.Shard)).Repair(Name, repair);
    }

    /// <summary>Emitted and held actions, in the order they were written.</summary>
    public IReadOnlyList<ActionRow> Actions(int shard) => Rows(shard, found => found.Actions);

    public IReadOnlyList<CartRow> Carts(int shard) => Rows(shard, found => found.Carts.Values.OrderBy(row => row.Visitor.ToString(), StringComparer.Ordinal).ThenBy(row => row.StartedMs));

    /// <summary>Sums by hour, metric and currency.</summary>
    public IReadOnlyList<KpiDelta> Kpis(int shard) => Rows(shard, found => found.Kpis());

    public IReadOnlyList<DeadLetterRow> DeadLetters(int shard) => Rows(shard, found => found.DeadLetters.Values);

    public void Dispose()
    {
        // Nothing is held but memory, and a test may look at it after the engine is gone.
    }

    private void Write(ShardCommit commit)
    {
        var shard = Find(commit.Shard);
        commit.Error = shard is null ? Fences.NoShard(commit) : shard.TryAdvance(commit);
        commit.Outcome = commit.Error is null ? CommitOutcome.Committed : CommitOutcome.Fenced;
        if (commit.Error is not null || !keep) return;
        shard!.Keep(commit);
        foreach (var row in commit.Contacts) Keep(row);
    }

    private void Keep(ContactRow row)
    {
        if (_contacts.TryGetValue(row.Ref, out var old))
        {
            row = row with
            {
                Email = row.Email ?? old.Email,
                Phone = row.Phone ?? old.Phone,
                Locale = row.Locale ?? old.Locale,
                TimeZone = row.TimeZone ?? old.TimeZone,
            };
        }
        _contacts[row.Ref] = row;
    }

    private MemoryShard? Find(int shard) => shard >= 0 && shard < _shards.Length ? _shards[shard] : null;

    private T[] Rows<T>(int shard, Func<MemoryShard, IEnumerable<T>> rows)
    {
        lock (_gate) return Find(shard) is { } found ? [.. rows(found)] : [];
    }
}
