namespace StreamEngine.Host.Shoppers;

/// <summary>SplitMix64 (Steele, Lea, Flood; public domain): the same numbers for the same seed on every machine and release.</summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>An own sequence for each member of a family, so that the order in which members are asked does not matter.</summary>
    public static SeededRandom Of(ulong seed, ulong member) => new(Mix(seed + 0x9E3779B97F4A7C15 * (member + 1)));

    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>From 0 up to, not including, <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>Both bounds are possible.</summary>
    public long Between(long from, long to) => to <= from ? from : from + (long)(Next() % (ulong)(to - from + 1));

    public bool Chance(double share) => (Next() >> 11) * (1.0 / (1UL << 53)) < share;

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
