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
    private readonly long _written = Written();

    public double Seconds => TimeProvider.System.GetElapsedTime(_start).TotalSeconds;

    public double CpuSeconds => (Cpu() - _cpu).TotalSeconds;

    public long AllocatedBytes => GC.GetTotalAllocatedBytes(precise: true) - _allocated;

    public double GcPauseMs => (GC.GetTotalPauseDuration() - _pause).TotalMilliseconds;

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
