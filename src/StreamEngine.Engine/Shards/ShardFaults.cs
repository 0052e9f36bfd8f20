using StreamEngine.Carts;

namespace StreamEngine.Engine.Shards;

/// <summary>
/// Messages whose turn failed, which only a bug can cause. Outlives the shard's memory: when it is read back, the record at such an offset goes to the dead letters
/// and the deadlines of such a visitor stand still, so that one broken session does not stop the others.
/// </summary>
public sealed class ShardFaults
{
    private readonly HashSet<long> _offsets = [];
    private readonly HashSet<byte[]> _visitors = new(Utf8Comparer.Instance);

    public bool IsAny => _offsets.Count > 0 || _visitors.Count > 0;

    public void Poison(long offset) => _offsets.Add(offset);

    public void Quarantine(byte[] visitor) => _visitors.Add(visitor);

    public bool IsPoisoned(long offset) => _offsets.Count > 0 && _offsets.Contains(offset);

    public bool IsQuarantined(byte[] visitor) => _visitors.Count > 0 && _visitors.Contains(visitor);
}
