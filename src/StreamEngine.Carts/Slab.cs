using System.Runtime.CompilerServices;

namespace StreamEngine.Carts;

/// <summary>
/// Memory for short lists that live as long as a session does. Their places lie side by side in few large arrays, and what a list gives back the next list of that
/// size gets. With an array of its own for each, every list that grew was a young object that an old session pointed to, anywhere in memory, for the next
/// collections to look for and to move twice.
/// The arrays are plain ones: when a shard is dropped, nobody need give anything back. One thread.
/// </summary>
public sealed class Slab<T>
    where T : struct
{
    /// <summary>Longer lists have arrays of their own: they are few, and each size is a pile of its own.</summary>
    internal const int CapacityMax = 64;

    /// <summary>Of the first array; each next one is twice as long, so that a shard of ten visitors does not take a quarter of a megabyte.</summary>
    private const int BlockPlacesMin = 64;

    private const int BlockBytesMax = 262_144;

    private readonly Stack<Run>[] _free = new Stack<Run>[CapacityMax + 1];
    private T[] _open = [];
    private int _used;

    /// <summary>Places that lists have, without those of the long ones.</summary>
    public int InUse { get; private set; }

    internal Run Take(int capacity)
    {
        if (capacity > CapacityMax)
        {
            return new Run(new T[capacity], 0);
        }
        InUse += capacity;
        if (_free[capacity] is { } free && free.TryPop(out var run))
        {
            return run;
        }
        if (_open.Length - _used < capacity)
        {
            Open();
        }
        run = new Run(_open, _used);
        _used += capacity;
        return run;
    }

    /// <summary>The places must be empty: what they pointed to would live on.</summary>
    internal void Give(Run run, int capacity)
    {
        if (capacity <= CapacityMax)
        {
            InUse -= capacity;
            (_free[capacity] ??= new Stack<Run>()).Push(run);
        }
    }

    private void Open()
    {
        // The end of the last array, too short for who asks now.
        if (_open.Length - _used is var left and > 0)
        {
            InUse += left;
            Give(new Run(_open, _used), left);
        }
        // What is pinned is old from its birth: who points to it gives the next collection nothing to look for, and it is never moved.
        _open = GC.AllocateArray<T>(Math.Clamp(_open.Length * 2, BlockPlacesMin, BlockBytesMax / Unsafe.SizeOf<T>()), pinned: true);
        _used = 0;
    }

    /// <summary>Where a list's places begin.</summary>
    internal readonly record struct Run(T[] Block, int Start);
}
