namespace StreamEngine.Storage.Sqlite;

/// <summary>Where a SQLite store lies, and how large it may become.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file; it and its folder are made when they are missing, for the owner's eyes only.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The database file stays below this size; 0 leaves it to the disk. Full: commits fail with a message, nothing is lost,
    /// and they go on once old segments are dropped or the bound is raised.
    /// </summary>
    public long FileBytesMax { get; init; }

    /// <summary>
    /// The write-ahead log is copied into the database file after this many bytes. Larger means fewer rewrites of the same page and a longer
    /// pause: with 16 MB about 6 ms, which no commit waits for unless the next one is already there.
    /// </summary>
    public int CheckpointBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Pages kept in memory by the writing connection.</summary>
    public int CacheBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long a commit waits for another program that holds the database's write lock (a backup, a shell) before it fails and is retried.</summary>
    public int BusyMs { get; init; } = 250;
}
