namespace StreamEngine.Storage.Sqlite;

/// <summary>Where a SQLite store lies, and how large it may become.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file; it and its folder are made when they are missing, for the owner's eyes only.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The database file stays below this size, its log comes on top; 0 leaves it to the disk. Full: commits fail with a message, nothing is lost,
    /// and they go on once old segments are dropped or the bound is raised.
    /// </summary>
    public long FileBytesMax { get; init; }

    /// <summary>
    /// The write-ahead log is copied into the database file after this many bytes. Larger means fewer rewrites of the same page and a longer
    /// pause, in which a commit waits. With 16 MB it took 12 ms, five times a second while overdue deadlines drained, and new visitors' prompts waited 46 to 70 ms (p99);
    /// with 4 MB 5 ms, they waited 34 to 37, and a seventh more went to the disk under full load. 8 MB lies between and was not measured alone.
    /// </summary>
    public int CheckpointBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Pages kept in memory by the writing connection.</summary>
    public int CacheBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long a commit waits for another program that holds the database's write lock (a backup, a shell) before it fails.</summary>
    public int BusyMs { get; init; } = 250;
}
