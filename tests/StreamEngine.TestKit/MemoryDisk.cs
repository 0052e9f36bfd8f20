using System.Globalization;

namespace StreamEngine.TestKit;

/// <summary>A small file system in memory, mounted over a folder: a disk that can be full, or read-only.</summary>
public sealed class MemoryDisk : IDisposable
{
    private MemoryDisk(string folder) => Folder = folder;

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <returns>Null where nothing can be mounted; <paramref name="reason"/> says so in one line.</returns>
    public static MemoryDisk? TryMount(string folder, long bytes, out string reason)
    {
        reason = "";
        if (OperatingSystem.IsLinux() && SystemTool.TryRun("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes}"), "tmpfs", folder))
        {
            return new MemoryDisk(folder);
        }
        reason = "Mounting a small disk needs root on Linux.";
        return null;
    }

    public void Fill(long bytes) => File.WriteAllBytes(Ballast, new byte[bytes]);

    public void Clear() => File.Delete(Ballast);

    /// <exception cref="InvalidOperationException">It could not be mounted so.</exception>
    public void MakeReadOnly() => SystemTool.Run("mount", "-o", "remount,ro", Folder);

    /// <exception cref="InvalidOperationException">Files on it are still open.</exception>
    public void Dispose() => SystemTool.Run("umount", Folder);
}
