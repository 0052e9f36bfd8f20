using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Storage.Tests.Sqlite;

/// <summary>A folder of its own for a test's database, gone at the end.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamengine-store-");

    public string Root => _folder.FullName;

    public string File => Path.Combine(Root, "store.db");

    public static SqliteShardStore Open(string path, long fileBytesMax = 0, int busyMs = 100, int checkpointBytes = 16 * 1024 * 1024, ILogger? logger = null) => new(
        new SqliteStoreOptions { Path = path, FileBytesMax = fileBytesMax, BusyMs = busyMs, CheckpointBytes = checkpointBytes },
        TimeProvider.System, logger ?? NullLogger.Instance);

    public SqliteShardStore Open() => Open(File);

    public void Dispose() => _folder.Delete(recursive: true);
}
