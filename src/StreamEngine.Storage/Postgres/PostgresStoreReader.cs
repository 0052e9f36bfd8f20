using Npgsql;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Postgres;

/// <summary>Reads a store, also while hosts write to it; never writes. Every call sees one committed state of a server.</summary>
public sealed class PostgresStoreReader : IDisposable
{
    private readonly PostgresServer[] _servers;

    private PostgresStoreReader(PostgresServer[] servers) => _servers = servers;

    /// <exception cref="EngineFatalException">A server cannot be reached, or holds no store this engine can read.</exception>
    public static PostgresStoreReader Open(PostgresStoreOptions options)
    {
        var reader = new PostgresStoreReader([.. options.Servers.Select((_, home) => new PostgresServer(options, home))]);
        try
        {
            foreach (var server in reader._servers) Check(server);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public StoreSummary ReadSummary() => PostgresSummary.Read([.. _servers.Select(static server => Run(server, connection => PostgresSummary.Read(connection, server.Name)))]);

    /// <summary>A shard with what operators did to it.</summary>
    public ShardRecord ReadShard(int shard) => Run(HomeOf(shard), connection => OperatorTable.Read(connection, HomeOf(shard).Name, shard));

    /// <summary>In order of sequence. The memory is used again for the next element.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard) => ShardReading.Segments(HomeOf(shard), shard);

    /// <summary>Emitted and held actions of a shard, in the order they were written.</summary>
    public IReadOnlyList<ActionRow> ReadActions(int shard) => List(
        HomeOf(shard), $"SELECT {ActionRows.Columns} FROM action WHERE shard = $1 ORDER BY commit_seq, place", shard, ActionRows.Read);

    /// <summary>Of every session the newest row.</summary>
    public IReadOnlyList<CartRow> ReadCarts(int shard) => List(
        HomeOf(shard),
        """
        SELECT DISTINCT ON (visitor, started_ms) visitor, started_ms, episode, phase, value_minor, currency, line_count, abandoned_ms, updated_ms
        FROM cart WHERE shard = $1 ORDER BY visitor, started_ms, commit_seq DESC, place DESC
        """,
        shard,
        static row => new CartRow(
            Text(row, 0), row.GetInt64(1), row.GetInt32(2), Text(row, 3), row.GetInt64(4), Text(row, 5), row.GetInt32(6), row.GetInt64(7), row.GetInt64(8)));

    public IReadOnlyList<KpiDelta> ReadKpis(int shard) => List(
        HomeOf(shard), "SELECT hour_ms, metric, currency, amount FROM kpi WHERE shard = $1 ORDER BY hour_ms, metric, currency", shard,
        static row => new KpiDelta(row.GetInt64(0), Text(row, 1), Text(row, 2), row.GetInt64(3)));

    public IReadOnlyList<DeadLetterRow> ReadDeadLetters(int shard) => List(
        HomeOf(shard), """SELECT "offset", reason, field, byte_position, time_ms FROM dead_letter WHERE shard = $1 ORDER BY "offset" """, shard,
        static row => new DeadLetterRow(row.GetInt64(0), Text(row, 1), ActionRows.Text(row, 2), row.GetInt64(3), row.GetInt64(4)));

    public IReadOnlyList<ContactRow> ReadContacts() => [.. _servers
        .SelectMany(static server => List(
            server, "SELECT ref, visitor, email, phone, locale, time_zone, updated_ms FROM contact WHERE $1 IS NOT NULL", 0,
            static row => new ContactRow(
                Text(row, 0), Text(row, 1), ActionRows.Text(row, 2), ActionRows.Text(row, 3), ActionRows.Text(row, 4), ActionRows.Text(row, 5), row.GetInt64(6))))
        .OrderBy(static row => row.Ref, StringComparer.Ordinal)];

    public void Dispose()
    {
        foreach (var server in _servers) server.Dispose();
    }

    private static void Check(PostgresServer server)
    {
        try
        {
            using var connection = server.Open();
            PostgresSchema.Of(connection, server.Name).CheckNewest();
        }
        catch (Exception error) when (PostgresTrouble.IsOfTheServer(error))
        {
            throw PostgresTrouble.Fatal(server.Name, error);
        }
    }

    private PostgresServer HomeOf(int shard) => _servers[(int)((uint)shard % (uint)_servers.Length)];

    private static string Text(NpgsqlDataReader row, int column) => ActionRows.Text(row, column)!;

    private static List<T> List<T>(PostgresServer server, string sql, int shard, Func<NpgsqlDataReader, T> read) => Run(server, connection =>
    {
        using var select = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = shard } } };
        using var rows = select.ExecuteReader();
        var list = new List<T>();
        while (rows.Read()) list.Add(read(rows));
        return list;
    });

    private static T Run<T>(PostgresServer server, Func<NpgsqlConnection, T> read)
    {
        try
        {
            using var reader = server.OpenReader();
            return read(reader.Connection);
        }
        catch (Exception error) when (PostgresTrouble.IsOfTheServer(error))
        {
            throw PostgresTrouble.WhileOpen(server.Name, error);
        }
    }
}
