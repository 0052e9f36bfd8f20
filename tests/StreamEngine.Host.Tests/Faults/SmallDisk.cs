using System.Globalization;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>A disk with little room for one host's files, and later with enough.</summary>
internal abstract class SmallDisk : IDisposable
{
    /// <summary>Makes what can be written little, once the host runs.</summary>
    public abstract void Shrink(EngineProcess engine);

    public abstract void Grow(EngineProcess engine);

    public abstract void Dispose();
}

/// <summary>The disk itself is full.</summary>
internal sealed class FullDisk : SmallDisk
{
    private const int DiskBytes = 64 * 1024 * 1024;
    private const int BallastBytes = 60_000_000;

    private readonly MemoryDisk _disk;

    public FullDisk(string folder)
    {
        var disk = MemoryDisk.TryMount(folder, DiskBytes, out var reason);
        Assert.SkipWhen(disk is null, reason);
        _disk = disk;
    }

    /// <summary>About 7 MB are left.</summary>
    public override void Shrink(EngineProcess engine) => _disk.Fill(BallastBytes);

    public override void Grow(EngineProcess engine) => _disk.Clear();

    public override void Dispose() => _disk.Dispose();
}

/// <summary>A limit on the size of the process's files, as "ulimit -f" sets it: the write that goes beyond it fails, and a signal says so.</summary>
internal sealed class SizeLimit : SmallDisk
{
    private const int FileBytes = 600_000;

    public SizeLimit() => Assert.SkipUnless(SystemTool.TryRun("prlimit", "--version"), "There is no prlimit.");

    public override void Shrink(EngineProcess engine) => Set(engine, FileBytes.ToString(CultureInfo.InvariantCulture));

    public override void Grow(EngineProcess engine) => Set(engine, "unlimited");

    public override void Dispose()
    {
        // The limit ends with the process.
    }

    private static void Set(EngineProcess engine, string bytes) =>
        SystemTool.Run("prlimit", "--pid", engine.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited");
}
