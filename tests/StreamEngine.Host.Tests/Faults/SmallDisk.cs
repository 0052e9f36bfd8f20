using System.Diagnostics;
using System.Globalization;
using StreamEngine.Host.Tests.EndToEnd;
using Xunit;

namespace StreamEngine.Host.Tests.Faults;

/// <summary>A disk with little room for one host's files, and later with enough.</summary>
internal abstract class SmallDisk : IDisposable
{
    /// <summary>Makes what can be written little, once the host runs.</summary>
    public abstract void Shrink(EngineProcess engine);

    public abstract void Grow(EngineProcess engine);

    public abstract void Dispose();

    protected static bool TryRun(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A file system in memory: the disk itself is full.</summary>
internal sealed class MountedDisk : SmallDisk
{
    private const int BallastBytes = 60_000_000;

    private readonly string _folder;

    public MountedDisk(string folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && TryRun("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder), "Mounting a small disk needs root on Linux.");
        _folder = folder;
    }

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>About 4 MB are left.</summary>
    public override void Shrink(EngineProcess engine) => File.WriteAllBytes(Ballast, new byte[BallastBytes]);

    public override void Grow(EngineProcess engine) => File.Delete(Ballast);

    public void MakeReadOnly() => Assert.True(TryRun("mount", "-o", "remount,ro", _folder));

    public override void Dispose() => Assert.True(TryRun("umount", _folder));
}

/// <summary>A limit on the size of the process's files, as "ulimit -f" sets it: the write that goes beyond it fails, and a signal says so.</summary>
internal sealed class SizeLimit : SmallDisk
{
    private const int FileBytes = 600_000;

    public SizeLimit() => Assert.SkipUnless(TryRun("prlimit", "--version"), "There is no prlimit.");

    public override void Shrink(EngineProcess engine) => Set(engine, FileBytes.ToString(CultureInfo.InvariantCulture));

    public override void Grow(EngineProcess engine) => Set(engine, "unlimited");

    public override void Dispose()
    {
        // The limit ends with the process.
    }

    private static void Set(EngineProcess engine, string bytes) =>
        Assert.True(TryRun("prlimit", "--pid", engine.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:unlimited"));
}
