using System.Runtime.InteropServices;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Which file a path names right now, by device and inode. Asked of the name alone: opening and closing a database beside SQLite would drop the
/// locks that SQLite holds on it, since POSIX gives them up with any handle of the process.
/// </summary>
internal readonly partial record struct FileIdentity(ulong Device, ulong Inode)
{
    private const int WorkingDirectory = -100;
    private const uint AskInode = 0x100;
    private const uint AskSize = 0x200;
    private const int NoEntry = 2;
    private const int NoFolder = 20;
    private const int Stale = 116;

    /// <summary>False only when there certainly is no file; one that cannot be asked about is taken for the one that was there, and as long.</summary>
    public static bool TryRead(string path, FileIdentity before, out FileIdentity found, out long bytes)
    {
        (found, bytes) = (before, long.MaxValue);
        // Elsewhere an open database cannot be removed (Windows), or only its absence is noticed.
        if (!OperatingSystem.IsLinux()) return File.Exists(path);
        Span<byte> answer = stackalloc byte[256];
        if (statx(WorkingDirectory, path, 0, AskInode | AskSize, answer) != 0) return Marshal.GetLastPInvokeError() is not (NoEntry or NoFolder or Stale);
        // struct statx has one layout on every architecture: stx_ino at 32; stx_size at 40; stx_dev_major and stx_dev_minor, of four bytes each, at 136.
        found = new FileIdentity(MemoryMarshal.Read<ulong>(answer[136..]), MemoryMarshal.Read<ulong>(answer[32..]));
        bytes = MemoryMarshal.Read<long>(answer[40..]);
        return true;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Span<byte> answer);
}
