namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Notices that files of an open store were removed, moved or replaced. SQLite would go on writing to the files it has open, which no name
/// leads to any more: every commit from then on would be gone with the process. A look takes a few microseconds, so every commit has one.
/// </summary>
internal sealed class StoreWatch
{
    private readonly Watched[] _files;

    private StoreWatch(Watched[] files) => _files = files;

    /// <summary>Before the database is opened: the file, and the lock beside it.</summary>
    public static StoreWatch OnDatabase(string path) => new([Look(path), Look(path + ".lock")]);

    /// <summary>Once the database is open: also its log and the log's index, which opening makes.</summary>
    public StoreWatch AndLog()
    {
        var path = _files[0].Path;
        return new StoreWatch([_files[0], _files[1], Look(path + "-wal"), Look(path + "-shm")]);
    }

    /// <summary>Null when all files are where they were; the database itself comes first.</summary>
    public StoreLoss? Find()
    {
        for (var i = 0; i < _files.Length; i++)
        {
            var (path, identity) = _files[i];
            if (!FileIdentity.TryRead(path, identity, out var now)) return new StoreLoss(path, "removed or moved", IsDatabase: i == 0);
            if (now != identity) return new StoreLoss(path, "replaced by another file", IsDatabase: i == 0);
        }
        return null;
    }

    private static Watched Look(string path)
    {
        // One that is gone already is noticed by the first search.
        _ = FileIdentity.TryRead(path, default, out var identity);
        return new Watched(path, identity);
    }

    private readonly record struct Watched(string Path, FileIdentity Identity);
}

/// <param name="How">e.g. "removed or moved".</param>
/// <param name="IsDatabase">False for a file beside it: the database is in its place.</param>
internal sealed record StoreLoss(string Path, string How, bool IsDatabase);
