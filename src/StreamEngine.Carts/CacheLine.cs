using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace StreamEngine.Carts;

/// <summary>
/// Asks the processor to bring memory near that is needed soon: where sessions are many, each is far away when its visitor clicks, and a read that waits for
/// memory takes as long as the parsing of a hundred bytes. Only a hint: the collector may move what was asked for, and other processors than x86 go without.
/// </summary>
public static unsafe class CacheLine
{
    private const int Bytes = 64;

    /// <summary>The line that holds this place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
        }
    }

    /// <summary>The lines of so many bytes from this place on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(ref readonly T place, int bytes)
    {
        if (Sse.IsSupported)
        {
            var address = (nint)Unsafe.AsPointer(ref Unsafe.AsRef(in place));
            Fetch(address, (int)(((address & (Bytes - 1)) + bytes + Bytes - 1) / Bytes));
        }
    }

    /// <summary>The first lines of an object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchObject(object? thing, int lines) => Fetch(*(nint*)Unsafe.AsPointer(ref thing), lines);

    /// <summary>So many lines from this address on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(nint address, int lines)
    {
        if (Sse.IsSupported)
        {
            for (var line = 0; line < lines; line++)
            {
                Sse.Prefetch0((byte*)address + line * Bytes);
            }
        }
    }
}
