using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StreamEngine.Storage.Sqlite;

/// <summary>The one connection that writes, with its prepared statements and its checkpoints. Belongs to one thread.</summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE: pages that went into the log. The wrapper does not name it.</summary>
    private const int PagesWritten = 9;

    /// <summary>SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.</summary>
    private const int NoCheckpointOnClose = 1006;

    private readonly long _checkpointPages;
    private long _logPages;

    public SqliteWriter(SqliteStoreOptions options, string path, TimeProvider time)
    {
        Connection = SqliteConnections.OpenWriting(options, path, time);
        try
        {
            PageBytes = int.Parse(SqliteConnections.Pragma(Connection, "page_size"), CultureInfo.InvariantCulture);
            _checkpointPages = Math.Max(1, options.CheckpointBytes / PageBytes);
            Commits = new CommitWriter(Connection, path);
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; }

    public CommitWriter Commits { get; }

    public int PageBytes { get; }

    /// <summary>
    /// Copies the log into the database file when enough has gathered. Called between commits, when their outcomes are out: no commit waits for the
    /// copying that it brought about.
    /// </summary>
    /// <returns>False when there was nothing to do.</returns>
    public bool MaybeCheckpoint(out Checkpoint checkpoint)
    {
        checkpoint = default;
        _ = raw.sqlite3_db_status(Connection.Handle!, PagesWritten, out var pages, out _, 1);
        _logPages += pages;
        if (_logPages < _checkpointPages) return false;
        _logPages = 0;
        checkpoint = CopyLog();
        return true;
    }

    /// <summary>True when afterwards the database file alone holds every commit.</summary>
    public bool CopiesWholeLog() => CopyLog() is { Error: null } copied && copied.CopiedBytes == copied.LogBytes;

    /// <summary>Files that were cut short are not written any more, not by closing either: what is left of them is for the one who mends them.</summary>
    public void LeaveFilesAlone() => _ = raw.sqlite3_db_config(Connection.Handle!, NoCheckpointOnClose, 1, out _);

    private Checkpoint CopyLog()
    {
        // Passive: takes what no reader still needs, and never waits for one.
        var code = raw.sqlite3_wal_checkpoint_v2(Connection.Handle!, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var logPages, out var copiedPages);
        return new Checkpoint(
            code == raw.SQLITE_OK ? null : raw.sqlite3_errmsg(Connection.Handle!).utf8_to_string(),
            (long)logPages * PageBytes,
            (long)copiedPages * PageBytes);
    }

    public void Dispose()
    {
        // Statements first: a connection with open ones stays open behind our back.
        Commits.Dispose();
        Connection.Dispose();
    }
}

/// <param name="Error">Null when it went well. A failed checkpoint loses nothing: the log keeps what was not copied.</param>
internal readonly record struct Checkpoint(string? Error, long LogBytes, long CopiedBytes);
