using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Memory of shards that left the workers of this node with everything committed. When the group gives one back and the epoch says that nobody had it meanwhile, it
/// goes on where it was, visitors who only browse included. Any thread; a shard is in here or with one worker.
/// </summary>
public sealed class KeptShards(TimeProvider time)
{
    /// <summary>Sessions of all that are kept, 0.7 kB each. Above, who left first is forgotten first.</summary>
    private const int SessionsMax = 500_000;

    /// <summary>A rebalance that gives a shard back does so within seconds; after this it is somebody else's.</summary>
    private static readonly TimeSpan KeepMax = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<(Shard Shard, long At)> _kept = [];
    private volatile bool _isAny;

    public void Keep(Shard shard)
    {
        lock (_gate)
        {
            _kept.RemoveAll(kept => kept.Shard.Id == shard.Id);
            _kept.Add((shard, time.GetTimestamp()));
            Forget();
            while (_kept.Sum(static kept => kept.Shard.SessionCount) > SessionsMax)
            {
                _kept.RemoveAt(0);
            }
            _isAny = _kept.Count > 0;
        }
    }

    /// <returns>The shard as it was, or null where it is not kept or somebody has had it since. It is not kept any more either way.</returns>
    public Shard? Take(ShardLease lease)
    {
        lock (_gate)
        {
            Forget();
            var index = _kept.FindIndex(kept => kept.Shard.Id == lease.Shard);
            if (index < 0)
            {
                return null;
            }
            var shard = _kept[index].Shard;
            _kept.RemoveAt(index);
            return shard.Epoch + 1 == lease.Epoch && shard.CommitSeq == lease.CommitSeq ? shard : null;
        }
    }

    /// <summary>Forgets what has been kept too long. Called now and then, so that memory is given back where no shard comes and goes.</summary>
    public void ForgetOld()
    {
        if (!_isAny)
        {
            return;
        }
        lock (_gate)
        {
            Forget();
        }
    }

    private void Forget()
    {
        _kept.RemoveAll(kept => time.GetElapsedTime(kept.At) > KeepMax);
        _isAny = _kept.Count > 0;
    }
}
