using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;

namespace StreamEngine.Benchmarks.Scale;

/// <summary>Generated clicks in memory, by partition: what a topic would hold, without a broker that takes its share of the cores.</summary>
public sealed class RecordedClicks
{
    private const int PieceBytes = 16 << 20;

    private readonly List<Place>[] _partitions;
    private readonly List<byte[]> _pieces = [];
    private int _used = PieceBytes;

    /// <param name="shoppers">Visitors; some make more clicks than others.</param>
    public RecordedClicks(long shoppers, double cartShare, int partitions)
    {
        _partitions = [.. Enumerable.Range(0, partitions).Select(static _ => new List<Place>())];
        using var stream = new ShopperStream(
            new ShopperOptions { CartShare = cartShare, Shoppers = shoppers }, new PartitionMap(partitions, key => Murmur2.Partition(key, partitions)));
        while (stream.TryNext(out var click))
        {
            Add(Murmur2.Partition(click.Key, partitions), click.Key, click.Value.Span, click.TimeMs);
        }
        Expected = stream.ExpectedFigures();
    }

    public int Partitions => _partitions.Length;

    /// <summary>What is to be found in them.</summary>
    public ExpectedFigures Expected { get; }

    public IReadOnlyList<long> Ends => [.. _partitions.Select(static places => (long)places.Count)];

    public int Count(int partition) => _partitions[partition].Count;

    public long TimeMs(int partition, long offset) => _partitions[partition][(int)offset].TimeMs;

    public ReadOnlySpan<byte> Key(int partition, long offset)
    {
        var place = _partitions[partition][(int)offset];
        return _pieces[place.Piece].AsSpan(place.Start, place.KeyBytes);
    }

    public ReadOnlySpan<byte> Value(int partition, long offset)
    {
        var place = _partitions[partition][(int)offset];
        return _pieces[place.Piece].AsSpan(place.Start + place.KeyBytes, place.ValueBytes);
    }

    private void Add(int partition, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timeMs)
    {
        if (_used + key.Length + value.Length > PieceBytes)
        {
            _pieces.Add(new byte[PieceBytes]);
            _used = 0;
        }
        key.CopyTo(_pieces[^1].AsSpan(_used));
        value.CopyTo(_pieces[^1].AsSpan(_used + key.Length));
        _partitions[partition].Add(new Place(_pieces.Count - 1, _used, key.Length, value.Length, timeMs));
        _used += key.Length + value.Length;
    }

    private readonly record struct Place(int Piece, int Start, int KeyBytes, int ValueBytes, long TimeMs);
}
