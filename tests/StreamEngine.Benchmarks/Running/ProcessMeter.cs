using System.Diagnostics;
using System.Globalization;

namespace StreamEngine.Benchmarks.Running;

/// <summary>What this process has used since the meter was started.</summary>
public sealed class ProcessMeter
{
    private const string IoFile = "/proc/self/io";

    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly TimeSpan _cpu = Cpu();
    private readonly long _allocated = GC.GetTotalAllocatedBytes(precise: true);
    private readonly TimeSpan _pause = GC.GetTotalPauseDuration();
    private readonly int[] _collections = Collected();
    private readonly long _written = Written();

    public double Seconds => TimeProvider.System.GetElapsedTime(_start).TotalSeconds;

    public double CpuSeconds => (Cpu() - _cpu).TotalSeconds;

    public long AllocatedBytes => GC.GetTotalAllocatedBytes(precise: true) - _allocated;

    public double GcPauseMs => (GC.GetTotalPauseDuration() - _pause).TotalMilliseconds;

    /// <summary>How often the collector ran, by the oldest generation that it looked through: 0, 1, 2.</summary>
    public IReadOnlyList<int> Collections => [.. Collected().Zip(_collections, static (now, then) => now - then)];

    /// <summary>-1 where the kernel does not count.</summary>
    public long WrittenBytes => _written < 0 ? -1 : Written() - _written;

    public static long PeakMemoryBytes
    {
        get
        {
            using var self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }
    }

    // The runtime counts a collection for all generations below its own, too.
    private static int[] Collected() => [.. Enumerable.Range(0, 3).Select(static generation => GC.CollectionCount(generation) - (generation < 2 ? GC.CollectionCount(generation + 1) : 0))];

    private static TimeSpan Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private static long Written()
    {
        const string Key = "write_bytes:";
        var line = File.Exists(IoFile) ? File.ReadLines(IoFile).FirstOrDefault(static text => text.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is null ? -1 : long.Parse(line.AsSpan(Key.Length).Trim(), CultureInfo.InvariantCulture);
    }
}
