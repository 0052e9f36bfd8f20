using StreamEngine.Engine.Shards;

namespace StreamEngine.Engine.Workers;

/// <summary>The shards that a worker has been given, in order of their number; found by partition with one index on the click path.</summary>
/// <param name="browsersMax">What the open shards share evenly; see <see cref="EngineOptions.BrowsersMax"/>.</param>
internal sealed class SlotTable(int browsersMax)
{
    private readonly SortedDictionary<int, ShardSlot> _slots = [];
    private Shard?[] _open = [];

    /// <summary>An array of its own after each change: it may be walked while shards come and go, and walking it allocates nothing.</summary>
    public ShardSlot[] All { get; private set; } = [];

    /// <summary>Some open shard has actions in memory that the broker has not acknowledged.</summary>
    public bool HasUnpublished
    {
        get
        {
            foreach (var slot in All)
            {
                if (slot is { State: SlotState.Open, Shard.Outbox.InMemory: > 0 })
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Some open shard has something for a commit.</summary>
    public bool HasUncommitted
    {
        get
        {
            foreach (var slot in All)
            {
                if (slot is { State: SlotState.Open, Shard: { } shard } && (shard.IsDirty || shard.HasProgress))
                {
                    return true;
                }
            }
            return false;
        }
    }

    public void Add(int shard)
    {
        if (_slots.TryAdd(shard, new ShardSlot(shard)))
        {
            All = [.. _slots.Values];
        }
    }

    /// <returns>Null where the shard is not ours.</returns>
    public ShardSlot? Find(int shard) => _slots.GetValueOrDefault(shard);

    public ShardSlot? Remove(int shard)
    {
        if (!_slots.Remove(shard, out var slot))
        {
            return null;
        }
        All = [.. _slots.Values];
        return slot;
    }

    /// <summary>The shard as it is in memory, or null where it is not open.</summary>
    public Shard? OpenShard(int partition) => (uint)partition < (uint)_open.Length ? _open[partition] : null;

    /// <summary>False for the memory of a shard that was given up or read back since.</summary>
    public bool IsOpen(Shard shard) => ReferenceEquals(OpenShard(shard.Id), shard);

    public void SetOpen(int partition, Shard? shard)
    {
        if (_open.Length <= partition)
        {
            Array.Resize(ref _open, partition + 1);
        }
        _open[partition] = shard;
        ShareBrowsers();
    }

    private void ShareBrowsers()
    {
        var count = _open.Count(static shard => shard is not null);
        foreach (var shard in _open)
        {
            shard?.BrowsersMax = Math.Max(1, browsersMax / count);
        }
    }
}
