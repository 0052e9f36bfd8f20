using System.Globalization;
using System.Text;
using StreamEngine.Engine;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Keeps a second host off the same database: a lock of the operating system on a file beside it, gone with the process however it ends.
/// SQLite's own exclusive mode would shut out readers too, and "streamengine store info" is to work beside a running host.
/// The file stays after the lock is released: deleting it would let two hosts lock two different files of that name.
/// </summary>
internal sealed class StoreLock : IDisposable
{
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
        catch (IOException error)
        {
            throw new EngineFatalException(
                $"{path} is in use by another streamengine; the number of its process stands in {lockPath} (read it with cat). "
                + $"Stop that one, or give this one another file with Store:Path ({error.Message}).", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new EngineFatalException($"{lockPath} cannot be opened: {error.Message} Give the engine's user write permission to the folder.", error);
        }
        NoteProcess(file);
        return new StoreLock(file);
    }

    public void Dispose() => _file.Dispose();

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
