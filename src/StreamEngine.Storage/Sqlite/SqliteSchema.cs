using Microsoft.Data.Sqlite;

namespace StreamEngine.Storage.Sqlite;

/// <summary>The store's tables in SQLite; <see cref="Migrations"/> brings a file to the newest of them.</summary>
internal static class SqliteSchema
{
    private const string TablesSql = "SELECT name FROM sqlite_schema WHERE type = 'table'";

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

        // 3: what a commit adds lies side by side. Before, a cart's row changed in its place and an action was found by a hashed id, so that a commit of 33,000
        // clicks wrote nearly all pages of both: 1,026 B to the disk a click, 11.6 us of CPU. Now 625 B and 9.6 us (100 % carts, means of two runs in turn).
        """
        ALTER TABLE cart RENAME TO cart_2;
        -- The ledger: a row a change, and no index. The newest of a session, the one with the largest row id, is how its cart is.
        CREATE TABLE cart (
            shard        INTEGER NOT NULL,
            started_ms   INTEGER NOT NULL,  -- of the session; 0 in rows that are older than this column
            visitor      TEXT    NOT NULL,
            episode      INTEGER NOT NULL,
            phase        TEXT    NOT NULL,
            value_minor  INTEGER NOT NULL,
            currency     TEXT    NOT NULL,
            line_count   INTEGER NOT NULL,
            abandoned_ms INTEGER NOT NULL,
            updated_ms   INTEGER NOT NULL
        );
        -- Not the open ones: their next change would be another cart's. They come back with it.
        INSERT INTO cart SELECT shard, 0, visitor, episode, phase, value_minor, currency, line_count, abandoned_ms, updated_ms FROM cart_2
            WHERE phase NOT IN ('Carting', 'Checkout', 'Abandoned');
        DROP TABLE cart_2;
        ALTER TABLE action RENAME TO action_2;
        DROP INDEX action_outbox;
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
            PRIMARY KEY (shard, due_ms, id)
        );
        INSERT INTO action SELECT * FROM action_2 ORDER BY rowid;
        DROP TABLE action_2;
        CREATE UNIQUE INDEX action_outbox ON action (shard, seq) WHERE seq > 0;
        """,

        // 4: what a commit adds to the read models is one row of each. Before, an action was a row with two entries in indexes and a change of a cart was a row: while
        // overdue deadlines drain in small commits the indexes were half of the pages. 4,870 to 5,671 sessions woken a second before, 8,529 to 14,655 now (four runs each in turn).
        """
        DROP INDEX action_outbox;
        ALTER TABLE action RENAME TO action_3;
        CREATE TABLE action_block (
            shard      INTEGER NOT NULL,
            commit_seq INTEGER NOT NULL,  -- the commit that wrote it; 0: older than blocks
            place      INTEGER NOT NULL,  -- of its first row in that commit
            first_seq  INTEGER NOT NULL,  -- place in the outbox of its first action that was emitted; 0: all were held back
            last_seq   INTEGER NOT NULL,  -- of the last one
            decided_ms INTEGER NOT NULL,  -- when the last of all was decided
            rows       TEXT    NOT NULL   -- a JSON array of arrays: the columns of the view, from seq to data
        );
        INSERT INTO action_block
            SELECT shard, 0, part * 1000, coalesce(min(nullif(seq, 0)), 0), max(seq), max(decided_ms),
                   '[' || group_concat(json_array(seq, id, replace(visitor, char(0x241B), char(0x241B, 0x241B)), episode, tactic, kind, variant, held, reason,
                                                  due_ms, not_before_ms, expires_ms, decided_ms, json(nullif(CAST(data AS TEXT), ''))), ',' ORDER BY at) || ']'
            FROM (SELECT *, rowid AS at, (row_number() OVER (PARTITION BY shard ORDER BY rowid) - 1) / 1000 AS part FROM action_3)
            GROUP BY shard, part ORDER BY shard, part;
        DROP TABLE action_3;
        -- Unique: two actions in one place of the outbox are a bug that must not be written.
        CREATE UNIQUE INDEX action_outbox ON action_block (shard, first_seq) WHERE first_seq > 0;
        CREATE VIEW action AS
            SELECT b.shard, r.value ->> 0 AS seq, r.value ->> 1 AS id, r.value ->> 2 AS visitor, r.value ->> 3 AS episode, r.value ->> 4 AS tactic,
                   r.value ->> 5 AS kind, r.value ->> 6 AS variant, r.value ->> 7 AS held, r.value ->> 8 AS reason, r.value ->> 9 AS due_ms,
                   r.value ->> 10 AS not_before_ms, r.value ->> 11 AS expires_ms, r.value ->> 12 AS decided_ms, r.value -> 13 AS data,
                   b.commit_seq, b.place + r.key AS place
            FROM action_block b, json_each(b.rows) r;
        ALTER TABLE cart RENAME TO cart_3;
        -- The ledger. The newest row of a session, by commit and place, is how its cart is.
        CREATE TABLE cart_block (
            shard      INTEGER NOT NULL,
            commit_seq INTEGER NOT NULL,  -- as above
            place      INTEGER NOT NULL,
            rows       TEXT    NOT NULL   -- a JSON array of arrays: the columns of the view, from started_ms to updated_ms
        );
        INSERT INTO cart_block
            SELECT shard, 0, part * 1000,
                   '[' || group_concat(json_array(started_ms, replace(visitor, char(0x241B), char(0x241B, 0x241B)), episode, phase, value_minor, currency, line_count,
                                                  abandoned_ms, updated_ms), ',' ORDER BY at) || ']'
            FROM (SELECT *, rowid AS at, (row_number() OVER (PARTITION BY shard ORDER BY rowid) - 1) / 1000 AS part FROM cart_3)
            GROUP BY shard, part ORDER BY shard, part;
        DROP TABLE cart_3;
        CREATE VIEW cart AS
            SELECT b.shard, r.value ->> 0 AS started_ms, r.value ->> 1 AS visitor, r.value ->> 2 AS episode, r.value ->> 3 AS phase, r.value ->> 4 AS value_minor,
                   r.value ->> 5 AS currency, r.value ->> 6 AS line_count, r.value ->> 7 AS abandoned_ms, r.value ->> 8 AS updated_ms,
                   b.commit_seq, b.place + r.key AS place
            FROM cart_block b, json_each(b.rows) r;
        """,
    ];

    public static int Newest => Steps.Length;

    /// <param name="newest">The version to bring it to, where it is not the newest.</param>
    public static Migrations Of(SqliteConnection connection, string path, int? newest = null) => new(
        connection, path, "SQLite", "point Store:Path at another file", "Point Store:Path at the store's file or at a new one", TablesSql, Steps[..(newest ?? Newest)]);
}
