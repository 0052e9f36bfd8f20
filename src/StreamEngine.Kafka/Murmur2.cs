using System.Buffers.Binary;

namespace StreamEngine.Kafka;

/// <summary>The partition that Kafka's default partitioner and librdkafka's murmur2_random choose for a key.</summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint M = 0x5bd1e995;

    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (int)(Hash(key) & 0x7fffffff) % partitions;

    private static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ (uint)key.Length;
        while (key.Length >= 4)
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(key) * M;
            k ^= k >> 24;
            hash = (hash * M) ^ (k * M);
            key = key[4..];
        }

        if (key.Length > 0)
        {
            if (key.Length > 2)
                hash ^= (uint)key[2] << 16;
            if (key.Length > 1)
                hash ^= (uint)key[1] << 8;
            hash = (hash ^ key[0]) * M;
        }

        hash ^= hash >> 13;
        hash *= M;
        return hash ^ (hash >> 15);
    }
}
