using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using StreamEngine.Engine;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Keeps a second host off the same database: a lock of the operating system on a file beside it, gone with the process however it ends.
/// SQLite's own exclusive mode would shut out readers too, and "streamengine store info" is to work beside a running host.
/// The file stays after the lock is released: deleting it would let two hosts lock two different files of that name.
/// </summary>
internal sealed partial class StoreLock : IDisposable
{
    // EWOULDBLOCK, as the platform hands it through, and ERROR_SHARING_VIOLATION.
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int SharedOnWindows = unchecked((int)0x80070020);

    private const int ReadOnly = 0;

    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    public static StoreLock Take(string path)
    {
        var lockPath = path + ".lock";
        FileStream file;
        try
        {
            file = new FileStream(lockPath, StoreFiles.PrivateFile(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException error) when (error.HResult is LockedOnLinux or LockedOnMac or SharedOnWindows)
        {
            throw new EngineFatalException(
                $"{path} is in use by another streamengine{OtherProcess(lockPath)}. Stop that one, or give this one another file with Store:Path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineFatalException(
                $"{lockPath} cannot be opened: {error.Message.TrimEnd('.')}. The engine needs to write in the folder of the database: "
                + "give its user the right to, check that the disk is neither full nor mounted read-only, or name another place with Store:Path.", error);
        }
        NoteProcess(file);
        return new StoreLock(file);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>e.g. ", process 4711"; empty where the other one has not noted it.</summary>
    private static string OtherProcess(string lockPath)
    {
        if (OperatingSystem.IsWindows()) return "";
        using var file = open(lockPath, ReadOnly);
        if (file.IsInvalid) return "";
        Span<byte> digits = stackalloc byte[16];
        try
        {
            var length = RandomAccess.Read(file, digits, 0);
            return Utf8Parser.TryParse(digits[..length], out int process, out _) ? string.Create(CultureInfo.InvariantCulture, $", process {process}") : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Every way of the platform to open a file asks for the very lock that the other one holds.</summary>
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);

    private static void NoteProcess(FileStream file)
    {
        try
        {
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            file.Flush();
        }
        catch (IOException)
        {
            // A full disk: the number is only a courtesy, the lock is held without it.
        }
    }
}
