using Microsoft.Data.Sqlite;
using StreamEngine.Engine;

namespace StreamEngine.Storage.Sqlite;

/// <summary>The store's tables, step by step and forward only. A step that was released never changes; a change is a new step at the end.</summary>
internal static class Migrations
{
    /// <summary>Step n leads from version n - 1 to version n.</summary>
    private static readonly string[] Steps =
    [
        // 1: the first tables.
        """
        CREATE TABLE meta (
            id          INTEGER PRIMARY KEY CHECK (id = 1),
            topic       TEXT    NOT NULL,
            shard_count INTEGER NOT NULL
        );
        CREATE TABLE shard (
            shard         INTEGER PRIMARY KEY,
            epoch         INTEGER NOT NULL,
            owner         TEXT    NOT NULL,
            commit_seq    INTEGER NOT NULL,
            next_offset   INTEGER NOT NULL,  -- -1: never committed
            shard_time_ms INTEGER NOT NULL,
            action_seq    INTEGER NOT NULL,
            published_seq INTEGER NOT NULL,
            taken_ms      INTEGER NOT NULL   -- wall clock of the last take-over
        );
        -- A table with row ids and a small index beside it: 1,000 k sessions/s appended (1,000 sessions of 300 B a commit).
        -- WITHOUT ROWID puts the blobs into the index: 620 k. Row ids packed from (shard, seq), without an index: 850-950 k.
        CREATE TABLE segment (
            shard   INTEGER NOT NULL,
            seq     INTEGER NOT NULL,
            payload BLOB    NOT NULL,
            PRIMARY KEY (shard, seq)
        );
        CREATE TABLE cart (
            shard        INTEGER NOT NULL,
            visitor      TEXT    NOT NULL,
            episode      INTEGER NOT NULL,
            phase        TEXT    NOT NULL,
            value_minor  INTEGER NOT NULL,
            currency     TEXT    NOT NULL,
            line_count   INTEGER NOT NULL,
            abandoned_ms INTEGER NOT NULL,
            updated_ms   INTEGER NOT NULL,
            PRIMARY KEY (shard, visitor)
        ) WITHOUT ROWID;
        CREATE TABLE action (
            shard         INTEGER NOT NULL,
            seq           INTEGER NOT NULL,  -- 0: held back
            id            TEXT    NOT NULL,
            visitor       TEXT    NOT NULL,
            episode       INTEGER NOT NULL,
            tactic        TEXT    NOT NULL,
            kind          TEXT    NOT NULL,
            variant       TEXT,
            held          TEXT,
            reason        TEXT    NOT NULL,
            due_ms        INTEGER NOT NULL,
            not_before_ms INTEGER NOT NULL,
            expires_ms    INTEGER NOT NULL,
            decided_ms    INTEGER NOT NULL,
            data          BLOB    NOT NULL,
            PRIMARY KEY (shard, id)
        );
        -- Unique: two actions in one place of the outbox are a bug that must not be written.
        CREATE UNIQUE INDEX action_outbox ON action (shard, seq) WHERE seq > 0;
        CREATE TABLE kpi (
            shard    INTEGER NOT NULL,
            hour_ms  INTEGER NOT NULL,
            metric   TEXT    NOT NULL,
            currency TEXT    NOT NULL,
            amount   INTEGER NOT NULL,
            PRIMARY KEY (shard, hour_ms, metric, currency)
        ) WITHOUT ROWID;
        CREATE TABLE dead_letter (
            shard         INTEGER NOT NULL,
            "offset"      INTEGER NOT NULL,
            reason        TEXT    NOT NULL,
            field         TEXT,
            byte_position INTEGER NOT NULL,
            time_ms       INTEGER NOT NULL,
            PRIMARY KEY (shard, "offset")
        ) WITHOUT ROWID;
        CREATE TABLE contact (
            ref        TEXT    PRIMARY KEY,
            visitor    TEXT    NOT NULL,
            email      TEXT,
            phone      TEXT,
            locale     TEXT,
            time_zone  TEXT,
            updated_ms INTEGER NOT NULL
        ) WITHOUT ROWID;
        """,

        // 2: what operators do to shards, and by what a topic that was made anew is noticed.
        """
        ALTER TABLE shard ADD COLUMN last_record_ms INTEGER NOT NULL DEFAULT 0;  -- 0: unknown
        CREATE TABLE operator_note (
            id                 INTEGER PRIMARY KEY,
            shard              INTEGER NOT NULL,
            at_ms              INTEGER NOT NULL,
            by                 TEXT    NOT NULL,
            kind               TEXT    NOT NULL,
            next_offset_before INTEGER NOT NULL,
            next_offset        INTEGER NOT NULL,
            reason             TEXT    NOT NULL
        );
        """,
    ];

    /// <summary>The first version that notes what operators do.</summary>
    public const int WithOperatorNotes = 2;

    public static int Newest => Steps.Length;

    /// <summary>The database's version; 0 when it is empty.</summary>
    /// <exception cref="EngineFatalException">It belongs to a newer engine, or to another program.</exception>
    public static int ReadVersion(SqliteConnection connection, string path)
    {
        if (!HasTable(connection, "schema_version"))
        {
            if (!HasTable(connection, null)) return 0;
            throw new EngineFatalException(
                $"{path} is a SQLite database of another program: it has tables, but no schema_version. "
                + "Point Store:Path at the store's file or at a new one.");
        }
        using var select = new Statement(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
        select.NextRow();
        var version = (int)select.Number(0);
        if (version <= Newest) return version;
        throw new EngineFatalException(
            $"{path} has version {version} of the store's tables; this streamengine knows them up to version {Newest}. "
            + "Start the newer streamengine that wrote it, or point Store:Path at another file: tables are never turned back.");
    }

    /// <summary>A step and its row in schema_version are one transaction: a crash leaves the version before or the version after.</summary>
    public static void Apply(SqliteConnection connection, int version, long nowMs)
    {
        if (version == 0) Run(connection, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_ms INTEGER NOT NULL)");
        for (var next = version + 1; next <= Newest; next++)
        {
            using var transaction = connection.BeginTransaction();
            Run(connection, Steps[next - 1]);
            using (var insert = new Statement(connection, "INSERT INTO schema_version (version, applied_ms) VALUES (?, ?)"))
            {
                insert.Set(next).Set(nowMs).Run();
            }
            transaction.Commit();
        }
    }

    private static bool HasTable(SqliteConnection connection, string? name)
    {
        using var select = new Statement(connection, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND (?1 IS NULL OR name = ?1)");
        return select.Set(name).NextRow();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        // The texts are constants of this file.
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
