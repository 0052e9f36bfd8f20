namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// Notices that files of an open store were removed, moved, replaced or cut short. SQLite would go on writing to the files it has open, which no name
/// leads to any more: every commit from then on would be gone with the process. A look takes a few microseconds, so every commit has one.
/// </summary>
internal sealed class StoreWatch
{
    private readonly Watched[] _files;

    private StoreWatch(Watched[] files) => _files = files;

    /// <summary>Before the database is opened: the file, which never shrinks, and the lock beside it.</summary>
    public static StoreWatch OnDatabase(string path) => new([new Watched(path, long.MaxValue), new Watched(path + ".lock", 0)]);

    /// <summary>Once the database is open: also its log, which SQLite cuts back to a size it is told, and the log's index. Opening makes them.</summary>
    public StoreWatch AndLog()
    {
        var path = _files[0].Path;
        return new StoreWatch([_files[0], _files[1], new Watched(path + "-wal", SqliteConnections.LogBytesKept), new Watched(path + "-shm", 0)]);
    }

    /// <summary>Null when all files are where they were; the database itself comes first. On the writing thread.</summary>
    public StoreLoss? Find()
    {
        foreach (var file in _files)
        {
            if (file.FindLoss() is { } how) return new StoreLoss(file.Path, how, IsDatabase: ReferenceEquals(file, _files[0]));
        }
        return null;
    }

    private sealed class Watched
    {
        private readonly FileIdentity _identity;
        private readonly long _bytesKept;
        private long _bytesMin;

        /// <param name="path">One that is gone already is noticed by the first search.</param>
        /// <param name="bytesKept">Once it has grown to this size it never falls below it again; 0 for a file whose size says nothing.</param>
        public Watched(string path, long bytesKept)
        {
            (Path, _bytesKept) = (path, bytesKept);
            _ = FileIdentity.TryRead(path, default, out _identity, out _);
        }

        public string Path { get; }

        public StoreLossKind? FindLoss()
        {
            if (!FileIdentity.TryRead(Path, _identity, out var now, out var bytes)) return StoreLossKind.Removed;
            if (now != _identity) return StoreLossKind.Replaced;
            if (bytes < _bytesMin) return StoreLossKind.CutShort;
            if (bytes < long.MaxValue) _bytesMin = Math.Min(bytes, _bytesKept);
            return null;
        }
    }
}
