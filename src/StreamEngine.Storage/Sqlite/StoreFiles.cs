using StreamEngine.Engine;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// The files of a store. They hold e-mail addresses and phone numbers: only their owner may read them.
/// SQLite gives -wal and -shm the mode of the database file, so that one is made first.
/// </summary>
internal static class StoreFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>The one path of a file that may be named through links: the lock stands beside the file itself.</summary>
    public static string Resolve(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var full = Path.GetFullPath(path);
        return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }

    public static void MakeFolder(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            if (Directory.Exists(path)) throw new EngineFatalException($"{path} is a folder: Store:Path names the database file, for example {Path.Combine(path, "streamengine.db")}.");
            if (Directory.Exists(folder)) return;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineFatalException($"The folder {folder} cannot be made: {error.Message} Make it, or name another file with Store:Path.", error);
        }
    }

    /// <summary>Called under the store's lock and before SQLite opens the file.</summary>
    public static void MakePrivate(string path)
    {
        try
        {
            if (!File.Exists(path)) new FileStream(path, PrivateFile(FileMode.CreateNew, FileShare.ReadWrite)).Dispose();
            if (OperatingSystem.IsWindows()) return;
            foreach (var file in (ReadOnlySpan<string>)[path, path + "-wal", path + "-shm"])
            {
                if (File.Exists(file)) File.SetUnixFileMode(file, OwnerFile);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineFatalException($"{path} cannot be made or kept private: {error.Message} Give the engine's user the folder and the file.", error);
        }
    }

    public static FileStreamOptions PrivateFile(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerFile;
        return options;
    }
}
