using StreamEngine.Carts;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>Counts by name, UTF-8: the one dictionary entry that every loop here touches for a click.</summary>
public sealed class Tally
{
    private readonly Dictionary<byte[], long> _counts = new(Utf8Comparer.Instance);
    private readonly Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public Tally() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Names that were counted at least once.</summary>
    public int Names => _counts.Count;

    public IEnumerable<KeyValuePair<byte[], long>> Counts => _counts;

    public void Count(ReadOnlySpan<byte> name)
    {
        if (_lookup.TryGetValue(name, out var known, out var count))
        {
            _counts[known] = count + 1;
        }
        else
        {
            _counts.Add(name.ToArray(), 1);
        }
    }
}
