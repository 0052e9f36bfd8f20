using System.Numerics;
using StreamEngine.Carts;

namespace StreamEngine.Engine.Deadlines;

/// <summary>
/// A hierarchical timing wheel (Varghese and Lauck, 1987): 64 slots a level, 10 ms a tick, seven levels, so that every time a clock can show
/// has its place. Arming, moving and disarming are O(1): entries are indices into arrays and linked lists run through the slots.
/// An entry sits on the level of the highest digit (base 64) in which its tick differs from the current one, so it moves down at most
/// six times in its life, and a bitmap a level finds the next occupied slot without a walk.
/// </summary>
/// <typeparam name="T">The owner of an entry.</typeparam>
public sealed class DeadlineWheel<T>
    where T : class
{
    public const int TickMs = 10;
    public const int None = -1;

    private const int LevelBits = 6;
    private const int Slots = 1 << LevelBits;
    private const int Levels = 7;

    /// <summary>Cache lines of an owner that are brought near when its entry comes down to the lowest level, since it is popped within one slot of the second.</summary>
    private const int OwnerLines = 4;

    /// <summary>The last tick that has a place: about the year 3363 counted from 1970. What is due later wakes then.</summary>
    private const long TickMax = (1L << (Levels * LevelBits)) - 1;

    private readonly ulong[] _occupied = new ulong[Levels];
    private readonly int[] _heads = new int[Levels * Slots];
    private readonly int[] _tails = new int[Levels * Slots];
    private Entry[] _entries = new Entry[256];
    private int _used;
    private int _free = None;
    private long _tick;

    public DeadlineWheel(long nowMs)
    {
        _tick = nowMs / TickMs;
        Array.Fill(_heads, None);
        Array.Fill(_tails, None);
    }

    public int Count { get; private set; }

    /// <returns>The entry: hand it to <see cref="Move"/> or <see cref="Disarm"/>. It is void once popped.</returns>
    public int Arm(T owner, long dueMs)
    {
        var entry = _free;
        if (entry != None)
        {
            _free = _entries[entry].Next;
        }
        else
        {
            if (_used == _entries.Length)
            {
                Array.Resize(ref _entries, _used * 2);
            }
            entry = _used++;
        }
        _entries[entry].Owner = owner;
        Link(entry, TickFor(dueMs));
        Count++;
        return entry;
    }

    public void Move(int entry, long dueMs)
    {
        Unlink(entry);
        Link(entry, TickFor(dueMs));
    }

    public void Disarm(int entry)
    {
        Unlink(entry);
        Release(entry);
    }

    /// <summary>When the entry will be popped, in ms: its due time rounded up to a tick.</summary>
    public long WakeMs(int entry) => _entries[entry].Tick * TickMs;

    /// <summary>The next owner whose time has come, in order of time; never before its time.</summary>
    public bool TryPop(long nowMs, out T owner)
    {
        var nowTick = nowMs / TickMs;
        while (TryFindSlot(out var level, out var slot, out var startTick) && startTick <= nowTick)
        {
            _tick = startTick;
            var entry = _heads[level * Slots + slot];
            if (level == 0)
            {
                Unlink(entry);
                owner = _entries[entry].Owner!;
                Release(entry);
                return true;
            }
            while (entry != None)
            {
                // Moves down: the current tick now shares the digit that set them apart.
                var next = _entries[entry].Next;
                if (level == 1)
                {
                    CacheLine.FetchObject(_entries[entry].Owner, OwnerLines);
                }
                Unlink(entry);
                Link(entry, _entries[entry].Tick);
                entry = next;
            }
        }
        _tick = Math.Max(_tick, nowTick);
        owner = null!;
        return false;
    }

    /// <summary>Whom the next <see cref="TryPop"/> gives if it is time; null where that would have to be searched for.</summary>
    public T? Next => _occupied[0] == 0 ? null : _entries[_heads[BitOperations.TrailingZeroCount(_occupied[0])]].Owner;

    private long TickFor(long dueMs) => Math.Max(_tick, (Math.Clamp(dueMs, 0, TickMax * TickMs) + TickMs - 1) / TickMs);

    private bool TryFindSlot(out int level, out int slot, out long startTick)
    {
        for (level = 0; level < Levels; level++)
        {
            // Lower digits are nearer in time, and on a level all entries lie at or ahead of the current digit.
            if (_occupied[level] != 0)
            {
                slot = BitOperations.TrailingZeroCount(_occupied[level]);
                var shift = level * LevelBits;
                startTick = (((_tick >> (shift + LevelBits)) << LevelBits) | (long)slot) << shift;
                return true;
            }
        }
        (slot, startTick) = (0, 0);
        return false;
    }

    private void Link(int entry, long tick)
    {
        var differing = (ulong)(tick ^ _tick);
        var level = differing == 0 ? 0 : Math.Min(Levels - 1, BitOperations.Log2(differing) / LevelBits);
        var slot = (int)(tick >> (level * LevelBits)) & (Slots - 1);
        var index = level * Slots + slot;
        ref var e = ref _entries[entry];
        e.Place(tick, index);
        e.Next = None;
        e.Previous = _tails[index];
        if (e.Previous == None)
        {
            _heads[index] = entry;
            _occupied[level] |= 1UL << slot;
        }
        else
        {
            _entries[e.Previous].Next = entry;
        }
        _tails[index] = entry;
    }

    private void Unlink(int entry)
    {
        ref var e = ref _entries[entry];
        if (e.Previous == None)
        {
            _heads[e.Slot] = e.Next;
        }
        else
        {
            _entries[e.Previous].Next = e.Next;
        }
        if (e.Next == None)
        {
            _tails[e.Slot] = e.Previous;
        }
        else
        {
            _entries[e.Next].Previous = e.Previous;
        }
        if (_heads[e.Slot] == None)
        {
            _occupied[e.Slot / Slots] &= ~(1UL << (e.Slot % Slots));
        }
    }

    private void Release(int entry)
    {
        _entries[entry].Owner = null;
        _entries[entry].Next = _free;
        _free = entry;
        Count--;
    }

    /// <summary>24 B; with the slot in a field of its own it would be 32.</summary>
    private struct Entry
    {
        private const int SlotBits = 9;

        public T? Owner;
        public int Next;
        public int Previous;
        private long _tickAndSlot;

        public readonly long Tick => _tickAndSlot >> SlotBits;

        public readonly int Slot => (int)_tickAndSlot & ((1 << SlotBits) - 1);

        public void Place(long tick, int slot) => _tickAndSlot = (tick << SlotBits) | (long)slot;
    }
}
