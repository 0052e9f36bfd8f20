using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using StreamEngine.Engine;

namespace StreamEngine.Storage.Sqlite;

/// <summary>What SQLite's errors mean for somebody who runs the engine: the file, what was found, and the mend.</summary>
internal static class SqliteTrouble
{
    /// <summary>For a store that cannot be opened: the process ends.</summary>
    public static EngineFatalException Fatal(string path, SqliteException error) => new(Explain(path, error), error);

    /// <summary>For a store that is open: a damaged file ends the process, anything else can be mended while it runs.</summary>
    public static Exception WhileOpen(string path, SqliteException error) =>
        IsDamage(error) ? Fatal(path, error) : new ShardStoppedException(Explain(path, error), error);

    /// <summary>True when the rows are to blame and other rows may well be written.</summary>
    public static bool IsOfTheRows(Exception error) =>
        error is not SqliteException sqlite || sqlite.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH;

    public static string Explain(string path, SqliteException error)
    {
        var mend = error.SqliteErrorCode switch
        {
            raw.SQLITE_FULL =>
                "the disk is full, or the file has reached its bound. Free space; nothing was lost, and the engine goes on from its last commit",
            raw.SQLITE_READONLY =>
                "the file or its folder may not be written. "
                + "Give the engine's user write permission to both, and check that the disk is not mounted read-only",
            raw.SQLITE_PERM or raw.SQLITE_CANTOPEN =>
                "the file cannot be opened. Check that its folder exists and that the engine's user may read and write both",
            raw.SQLITE_IOERR when error.SqliteExtendedErrorCode == raw.SQLITE_IOERR_WRITE =>
                "the disk does not take what is written: a quota or a limit on the size of files (ulimit -f) is reached, or the disk is failing (dmesg tells). "
                + "Raise the limit or change the disk; nothing was lost, and the engine goes on from its last commit",
            raw.SQLITE_IOERR =>
                "the disk reports an error. Look into the system's log (dmesg); if the disk is failing, stop the engine and copy the file elsewhere",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
                "another program holds the write lock. Close other programs that have the file open for writing (a backup, an sqlite3 shell)",
            raw.SQLITE_CORRUPT =>
                "the file is damaged or cut short. Put back a backup of it together with its -wal file; the engine goes on where that copy stands. "
                + "Without one, move the file away and start once with --accept-empty-store: all clicks that the topic still holds are read again",
            raw.SQLITE_NOTADB =>
                "the file is not a SQLite database. Point Store:Path at the store's file, or move this one away",
            raw.SQLITE_NOMEM =>
                "there is not enough memory. Give the process more",
            raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH =>
                "a row breaks a rule of the store, which is a bug of the engine. Nothing of the commit was written; report it with this message",
            _ => "nothing of the commit was written",
        };
        return $"{path}: {mend} (SQLite error {error.SqliteErrorCode}/{error.SqliteExtendedErrorCode}: {Native(error)}).";
    }

    /// <summary>SQLite's own words. The client wraps them and our statements do not, but the same trouble is to read the same: it is told once.</summary>
    private static string Native(SqliteException error)
    {
        var wrap = string.Create(CultureInfo.InvariantCulture, $"SQLite Error {error.SqliteErrorCode}: '");
        return error.Message.StartsWith(wrap, StringComparison.Ordinal) && error.Message.EndsWith("'.", StringComparison.Ordinal)
            ? error.Message[wrap.Length..^2]
            : error.Message;
    }

    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
