using System.Globalization;
using System.Text;

namespace StreamEngine.Host.Shoppers;

/// <summary>How the topic spreads keys, for the clicks that every partition needs.</summary>
/// <param name="PartitionOf">The producer's partitioner, e.g. murmur2 of the key.</param>
public sealed record PartitionMap(int Count, Func<byte[], int> PartitionOf)
{
    /// <summary>For each partition a key that falls into it.</summary>
    /// <exception cref="InvalidOperationException">The partitioner leaves a partition out.</exception>
    public IReadOnlyList<byte[]> KeyPerPartition()
    {
        var keys = new byte[Count][];
        var missing = Count;
        // An even partitioner leaves a partition out of so many tries with a chance of e^-1000.
        for (var i = 0; missing > 0 && i < Count * 1_000; i++)
        {
            var key = Encoding.UTF8.GetBytes("tick-" + i.ToString(CultureInfo.InvariantCulture));
            var partition = PartitionOf(key);
            if (keys[partition] is not { Length: > 0 })
            {
                keys[partition] = key;
                missing--;
            }
        }
        return missing == 0
            ? keys
            : throw new InvalidOperationException($"No key was found for partition {Array.FindIndex(keys, key => key is null)} of {Count}: the partitioner does not spread keys over all partitions.");
    }
}
