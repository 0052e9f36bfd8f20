using System.Globalization;
using Microsoft.Data.Sqlite;
using StreamEngine.Engine;

namespace StreamEngine.Storage.Sqlite;

/// <summary>
/// The two ways to open a store: the one connection that writes, and any number that only read. Two connections that write or checkpoint at the
/// same instant can lose a commit in SQLite before 3.51.3 (its WAL-reset bug); readers never do either.
/// </summary>
internal static class SqliteConnections
{
    // 8 KB pages: 1,020 k sessions/s appended, against 890 k with 4 KB and 1,080 k with 16 KB; but a changed cart or figure writes a whole page.
    private const int PageBytes = 8192;

    /// <summary>What the log file is cut back to after a rush.</summary>
    public const int LogBytesKept = 64 * 1024 * 1024;

    /// <exception cref="SqliteException">What it means depends on when: at start it ends the process, later it may pass.</exception>
    public static SqliteConnection OpenWriting(SqliteStoreOptions options, string path, TimeProvider time) =>
        Open(path, SqliteOpenMode.ReadWriteCreate, connection =>
        {
            Pragma(connection, "busy_timeout", options.BusyMs);
            // Asked before anything is written: a database that is not ours stays as it is.
            var migrations = SqliteSchema.Of(connection, path);
            var version = migrations.ReadVersion();
            Pragma(connection, "page_size", PageBytes);
            if (!string.Equals(Pragma(connection, "journal_mode=WAL"), "wal", StringComparison.OrdinalIgnoreCase))
            {
                throw new EngineFatalException(
                    $"{path} lies on a file system that cannot share memory between processes (a network drive?), which SQLite's log needs. "
                    + "Put it on a local disk.");
            }
            // A commit is on the disk before it is acknowledged.
            Pragma(connection, "synchronous=FULL");
            // Checkpoints run between commits, see SqliteWriter: as part of one they made its p99 20 ms, and it is 1 ms without.
            Pragma(connection, "wal_autocheckpoint", 0);
            Pragma(connection, "journal_size_limit", LogBytesKept);
            Pragma(connection, "cache_size", -Math.Max(1, options.CacheBytes / 1024));
            Pragma(connection, "temp_store=MEMORY");
            // Not mapped: a failing disk would end the process by a signal instead of failing a commit.
            Pragma(connection, "mmap_size", 0);
            migrations.Apply(version, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (options.FileBytesMax > 0)
            {
                var pageBytes = long.Parse(Pragma(connection, "page_size"), CultureInfo.InvariantCulture);
                Pragma(connection, "max_page_count", Math.Max(1, options.FileBytesMax / pageBytes));
            }
        });

    public static SqliteConnection OpenReading(string path)
    {
        if (!File.Exists(path)) throw new EngineFatalException($"There is no store at {path}: name the file that Store:Path of the host names.");
        try
        {
            return Open(path, SqliteOpenMode.ReadOnly, connection => SqliteSchema.Of(connection, path).CheckNewest());
        }
        catch (SqliteException error)
        {
            throw SqliteTrouble.Fatal(path, error);
        }
    }

    /// <summary>One value of a pragma; empty when it has none.</summary>
    public static string Pragma(SqliteConnection connection, string text)
    {
        using var statement = new Statement(connection, "PRAGMA " + text);
        return statement.NextRow() ? statement.Text(0) : "";
    }

    private static void Pragma(SqliteConnection connection, string name, long value) =>
        Pragma(connection, string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));

    private static SqliteConnection Open(string path, SqliteOpenMode mode, Action<SqliteConnection> prepare)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5 };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
