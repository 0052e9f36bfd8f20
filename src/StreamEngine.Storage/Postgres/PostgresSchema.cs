using Npgsql;

namespace StreamEngine.Storage.Postgres;

/// <summary>
/// The store's tables in PostgreSQL; <see cref="Migrations"/> brings a database to the newest of them. What decides about their settings is how they are
/// written: a row that changes needs room beside it, so that its new version lands in the same page and no index is touched (a HOT update), and a table
/// whose rows come and go needs its dead ones taken away by number, not by share.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>Of the session: two hosts that start together must not both make the tables.</summary>
    public const string LockSql = "SELECT pg_advisory_lock(7310579611)";

    private const string TablesSql = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()";

    private static readonly string[] Steps =
    [
        // 1: the first tables.
        """
        CREATE TABLE meta (
            id          INTEGER PRIMARY KEY CHECK (id = 1),
            topic       TEXT    NOT NULL,
            shard_count INTEGER NOT NULL,
            store_id    TEXT    NOT NULL,  -- the same on all servers of a store
            home        INTEGER NOT NULL,  -- which of the store's servers this one is, from 0
            homes       INTEGER NOT NULL   -- how many there are; shard n lives on server n modulo homes
        );
        -- One row changes per shard and commit. A page that is mostly empty takes the new versions and is tidied as they are written.
        CREATE TABLE shard (
            shard         INTEGER PRIMARY KEY,
            epoch         BIGINT  NOT NULL,
            owner         TEXT    NOT NULL,
            commit_seq    BIGINT  NOT NULL,
            next_offset   BIGINT  NOT NULL,  -- -1: never committed
            shard_time_ms BIGINT  NOT NULL,
            action_seq    BIGINT  NOT NULL,
            published_seq BIGINT  NOT NULL,
            taken_ms      BIGINT  NOT NULL   -- wall clock of the last take-over
        ) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
        -- Rows come at one end and go at the other, and nearly all bytes are in the TOAST table beside it: 2,000 of its chunks are 4 MB.
        CREATE TABLE segment (
            shard   INTEGER NOT NULL,
            seq     BIGINT  NOT NULL,
            payload BYTEA   NOT NULL,
            PRIMARY KEY (shard, seq)
        ) WITH (
            autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_cost_delay = 0,
            autovacuum_vacuum_insert_threshold = -1,
            toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 2000, toast.autovacuum_vacuum_cost_delay = 0,
            toast.autovacuum_vacuum_insert_threshold = -1
        );
        -- Outside the row and as it is: states are packed already, and trying to compress them costs more than writing them.
        ALTER TABLE segment ALTER COLUMN payload SET STORAGE EXTERNAL;
        CREATE TABLE cart (
            shard        INTEGER NOT NULL,
            visitor      TEXT    NOT NULL COLLATE "C",
            episode      INTEGER NOT NULL,
            phase        TEXT    NOT NULL,
            value_minor  BIGINT  NOT NULL,
            currency     TEXT    NOT NULL,
            line_count   INTEGER NOT NULL,
            abandoned_ms BIGINT  NOT NULL,
            updated_ms   BIGINT  NOT NULL,
            PRIMARY KEY (shard, visitor)
        ) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.05);
        -- Only added to.
        CREATE TABLE action (
            shard         INTEGER NOT NULL,
            seq           BIGINT  NOT NULL,  -- 0: held back
            id            TEXT    NOT NULL COLLATE "C",
            visitor       TEXT    NOT NULL,
            episode       INTEGER NOT NULL,
            tactic        TEXT    NOT NULL,
            kind          TEXT    NOT NULL,
            variant       TEXT,
            held          TEXT,
            reason        TEXT    NOT NULL,
            due_ms        BIGINT  NOT NULL,
            not_before_ms BIGINT  NOT NULL,
            expires_ms    BIGINT  NOT NULL,
            decided_ms    BIGINT  NOT NULL,
            data          BYTEA   NOT NULL,
            commit_seq    BIGINT  NOT NULL,  -- the commit that wrote it, and its place there
            place         INTEGER NOT NULL,
            PRIMARY KEY (shard, id)
        );
        -- Unique: two actions in one place of the outbox are a bug that must not be written.
        CREATE UNIQUE INDEX action_outbox ON action (shard, seq) WHERE seq > 0;
        -- The rows of the hour change with every commit.
        CREATE TABLE kpi (
            shard    INTEGER NOT NULL,
            hour_ms  BIGINT  NOT NULL,
            metric   TEXT    NOT NULL COLLATE "C",
            currency TEXT    NOT NULL COLLATE "C",
            amount   BIGINT  NOT NULL,
            PRIMARY KEY (shard, hour_ms, metric, currency)
        ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
        CREATE TABLE dead_letter (
            shard         INTEGER NOT NULL,
            "offset"      BIGINT  NOT NULL,
            reason        TEXT    NOT NULL,
            field         TEXT,
            byte_position BIGINT  NOT NULL,
            time_ms       BIGINT  NOT NULL,
            PRIMARY KEY (shard, "offset")
        );
        CREATE TABLE contact (
            ref        TEXT    COLLATE "C" PRIMARY KEY,
            visitor    TEXT    NOT NULL,
            email      TEXT,
            phone      TEXT,
            locale     TEXT,
            time_zone  TEXT,
            updated_ms BIGINT  NOT NULL
        ) WITH (fillfactor = 90);
        """,
        // 2: what operators did, and the time of the last record that was read.
        """
        ALTER TABLE shard ADD COLUMN last_record_ms BIGINT NOT NULL DEFAULT 0;  -- 0: unknown
        CREATE TABLE operator_note (
            id                 BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shard              INTEGER NOT NULL,
            at_ms              BIGINT  NOT NULL,
            by                 TEXT    NOT NULL,
            kind               TEXT    NOT NULL,
            next_offset_before BIGINT  NOT NULL,
            next_offset        BIGINT  NOT NULL,
            reason             TEXT    NOT NULL
        );
        """,
        // 3: what a commit adds lies side by side. Before, a cart's row changed in its place and an action was found by a hashed id: both on any page of a table.
        """
        ALTER TABLE cart RENAME TO cart_2;
        -- The ledger: a row a change, and no index. The newest of a session, by commit and place, is how its cart is.
        CREATE TABLE cart (
            shard        INTEGER NOT NULL,
            started_ms   BIGINT  NOT NULL,  -- of the session; 0 in rows that are older than this column
            visitor      TEXT    NOT NULL COLLATE "C",
            episode      INTEGER NOT NULL,
            phase        TEXT    NOT NULL,
            value_minor  BIGINT  NOT NULL,
            currency     TEXT    NOT NULL,
            line_count   INTEGER NOT NULL,
            abandoned_ms BIGINT  NOT NULL,
            updated_ms   BIGINT  NOT NULL,
            commit_seq   BIGINT  NOT NULL,  -- the commit that wrote it, and its place there
            place        INTEGER NOT NULL
        );
        -- Not the open ones: their next change would be another cart's. They come back with it.
        INSERT INTO cart SELECT shard, 0, visitor, episode, phase, value_minor, currency, line_count, abandoned_ms, updated_ms, 0, 0 FROM cart_2
            WHERE phase NOT IN ('Carting', 'Checkout', 'Abandoned');
        DROP TABLE cart_2;
        ALTER TABLE action DROP CONSTRAINT action_pkey, ADD PRIMARY KEY (shard, due_ms, id);
        """,
        // 4: what a commit adds to the read models is one row of each, not one an action and one a change of a cart.
        """
        ALTER TABLE action RENAME TO action_3;
        CREATE TABLE action_block (
            shard      INTEGER NOT NULL,
            commit_seq BIGINT  NOT NULL,  -- the commit that wrote it
            place      INTEGER NOT NULL,  -- of its first row in that commit
            first_seq  BIGINT  NOT NULL,  -- place in the outbox of its first action that was emitted; 0: all were held back
            last_seq   BIGINT  NOT NULL,  -- of the last one
            decided_ms BIGINT  NOT NULL,  -- when the last of all was decided
            rows       BYTEA   NOT NULL   -- a JSON array of arrays, UTF-8: the columns of the view, from seq to data
        );
        -- Outside the row and as it is, like segments.
        ALTER TABLE action_block ALTER COLUMN rows SET STORAGE EXTERNAL;
        INSERT INTO action_block
            SELECT shard, commit_seq, part * 1000, coalesce(min(nullif(seq, 0)), 0), max(seq), max(decided_ms),
                   convert_to(json_agg(json_build_array(seq, id, visitor, episode, tactic, kind, variant, held, reason, due_ms, not_before_ms, expires_ms, decided_ms,
                                                        nullif(convert_from(data, 'UTF8'), '')::json) ORDER BY place)::text, 'UTF8')
            FROM (SELECT *, (row_number() OVER (PARTITION BY shard, commit_seq ORDER BY place) - 1) / 1000 AS part FROM action_3) AS a
            GROUP BY shard, commit_seq, part ORDER BY commit_seq;
        DROP TABLE action_3;
        -- Unique: two actions in one place of the outbox are a bug that must not be written.
        CREATE UNIQUE INDEX action_outbox ON action_block (shard, first_seq) WHERE first_seq > 0;
        CREATE VIEW action AS
            SELECT b.shard, (r.value ->> 0)::bigint AS seq, r.value ->> 1 AS id, r.value ->> 2 AS visitor, (r.value ->> 3)::integer AS episode, r.value ->> 4 AS tactic,
                   r.value ->> 5 AS kind, r.value ->> 6 AS variant, r.value ->> 7 AS held, r.value ->> 8 AS reason, (r.value ->> 9)::bigint AS due_ms,
                   (r.value ->> 10)::bigint AS not_before_ms, (r.value ->> 11)::bigint AS expires_ms, (r.value ->> 12)::bigint AS decided_ms, r.value -> 13 AS data,
                   b.commit_seq, b.place + r.ordinality - 1 AS place
            FROM action_block b CROSS JOIN LATERAL json_array_elements(convert_from(b.rows, 'UTF8')::json) WITH ORDINALITY AS r;
        ALTER TABLE cart RENAME TO cart_3;
        -- The ledger. The newest row of a session, by commit and place, is how its cart is.
        CREATE TABLE cart_block (
            shard      INTEGER NOT NULL,
            commit_seq BIGINT  NOT NULL,  -- as above
            place      INTEGER NOT NULL,
            rows       BYTEA   NOT NULL   -- a JSON array of arrays, UTF-8: the columns of the view, from started_ms to updated_ms
        );
        ALTER TABLE cart_block ALTER COLUMN rows SET STORAGE EXTERNAL;
        INSERT INTO cart_block
            SELECT shard, commit_seq, part * 1000,
                   convert_to(json_agg(json_build_array(started_ms, visitor, episode, phase, value_minor, currency, line_count, abandoned_ms, updated_ms)
                                       ORDER BY place)::text, 'UTF8')
            FROM (SELECT *, (row_number() OVER (PARTITION BY shard, commit_seq ORDER BY place) - 1) / 1000 AS part FROM cart_3) AS c
            GROUP BY shard, commit_seq, part ORDER BY commit_seq;
        DROP TABLE cart_3;
        CREATE VIEW cart AS
            SELECT b.shard, (r.value ->> 0)::bigint AS started_ms, r.value ->> 1 AS visitor, (r.value ->> 2)::integer AS episode, r.value ->> 3 AS phase,
                   (r.value ->> 4)::bigint AS value_minor, r.value ->> 5 AS currency, (r.value ->> 6)::integer AS line_count, (r.value ->> 7)::bigint AS abandoned_ms,
                   (r.value ->> 8)::bigint AS updated_ms, b.commit_seq, b.place + r.ordinality - 1 AS place
            FROM cart_block b CROSS JOIN LATERAL json_array_elements(convert_from(b.rows, 'UTF8')::json) WITH ORDINALITY AS r;
        """,
    ];

    public static int Newest => Steps.Length;

    /// <param name="newest">The version to bring it to, where it is not the newest.</param>
    public static Migrations Of(NpgsqlConnection connection, string store, int? newest = null) => new(
        connection, store, "PostgreSQL", "name another database in Store:ConnectionStrings",
        "Name the store's database in Store:ConnectionStrings, or an empty one", TablesSql, Steps[..(newest ?? Newest)]);
}
