using System.Numerics;

namespace StreamEngine.Oracle;

/// <summary>XXH64, written from its public specification and in its order: stripes of 32 bytes, then 8, 4 and 1, then the avalanche.</summary>
internal static class Xxh64
{
    private const ulong P1 = 11400714785074694791;
    private const ulong P2 = 14029467366897019727;
    private const ulong P3 = 1609587929392839161;
    private const ulong P4 = 9650029242287828579;
    private const ulong P5 = 2870177450012600261;

    public static ulong Of(byte[] data, ulong seed)
    {
        var at = 0;
        ulong hash;
        if (data.Length >= 32)
        {
            ulong[] lanes = [seed + P1 + P2, seed + P2, seed, seed - P1];
            for (; at + 32 <= data.Length; at += 32)
            {
                for (var lane = 0; lane < 4; lane++)
                {
                    lanes[lane] = Round(lanes[lane], BitConverter.ToUInt64(data, at + lane * 8));
                }
            }
            hash = BitOperations.RotateLeft(lanes[0], 1) + BitOperations.RotateLeft(lanes[1], 7)
                + BitOperations.RotateLeft(lanes[2], 12) + BitOperations.RotateLeft(lanes[3], 18);
            foreach (var lane in lanes)
            {
                hash = (hash ^ Round(0, lane)) * P1 + P4;
            }
        }
        else
        {
            hash = seed + P5;
        }
        hash += (ulong)data.Length;
        for (; at + 8 <= data.Length; at += 8)
        {
            hash = BitOperations.RotateLeft(hash ^ Round(0, BitConverter.ToUInt64(data, at)), 27) * P1 + P4;
        }
        for (; at + 4 <= data.Length; at += 4)
        {
            hash = BitOperations.RotateLeft(hash ^ (BitConverter.ToUInt32(data, at) * P1), 23) * P2 + P3;
        }
        for (; at < data.Length; at++)
        {
            hash = BitOperations.RotateLeft(hash ^ (data[at] * P5), 11) * P1;
        }
        hash = (hash ^ (hash >> 33)) * P2;
        hash = (hash ^ (hash >> 29)) * P3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * P2, 31) * P1;
}
