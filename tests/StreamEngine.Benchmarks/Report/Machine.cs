using System.Globalization;
using System.Runtime.InteropServices;

namespace StreamEngine.Benchmarks.Report;

/// <summary>What figures are worth nothing without: the machine and the day.</summary>
public static class Machine
{
    private const string CpuInfo = "/proc/cpuinfo";

    /// <returns>E.g. "2026-11-02, 2 cores (AMD EPYC 7B13), Debian GNU/Linux 12, .NET 10.0.1".</returns>
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");

    private static string Processor()
    {
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(static text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
