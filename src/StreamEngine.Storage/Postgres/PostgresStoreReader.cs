using Npgsql;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Blocks;

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
    public IReadOnlyList<ActionRow> ReadActions(int shard)
    {
        var actions = new List<ActionRow>();
        foreach (var block in ReadBlocks("SELECT rows FROM action_block WHERE shard = $1 ORDER BY commit_seq, place", shard)) BlockReader.ReadActions(block, actions);
        return actions;
    }

    /// <summary>Of every session the newest row.</summary>
    public IReadOnlyList<CartRow> ReadCarts(int shard)
    {
        var carts = new List<CartRow>();
        foreach (var block in ReadBlocks("SELECT rows FROM cart_block WHERE shard = $1 ORDER BY commit_seq, place", shard)) BlockReader.ReadCarts(block, carts);
        return [.. BlockReader.Newest(carts)];
    }

    public IReadOnlyList<KpiDelta> ReadKpis(int shard) => List(
        HomeOf(shard), "SELECT hour_ms, metric, currency, amount FROM kpi WHERE shard = $1 ORDER BY hour_ms, metric, currency", shard,
        static row => new KpiDelta(row.GetInt64(0), Text(row, 1), Text(row, 2), row.GetInt64(3)));

    public IReadOnlyList<DeadLetterRow> ReadDeadLetters(int shard) => List(
        HomeOf(shard), """SELECT "offset", reason, field, byte_position, time_ms FROM dead_letter WHERE shard = $1 ORDER BY "offset" """, shard,
        static row => new DeadLetterRow(row.GetInt64(0), Text(row, 1), StoredColumn.Text(row, 2), row.GetInt64(3), row.GetInt64(4)));

    public IReadOnlyList<ContactRow> ReadContacts() => [.. _servers
        .SelectMany(static server => List(
            server, "SELECT ref, visitor, email, phone, locale, time_zone, updated_ms FROM contact WHERE $1 IS NOT NULL", 0,
            static row => new ContactRow(
                Text(row, 0), Text(row, 1), StoredColumn.Text(row, 2), StoredColumn.Text(row, 3), StoredColumn.Text(row, 4), StoredColumn.Text(row, 5), row.GetInt64(6))))
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

    private List<byte[]> ReadBlocks(string sql, int shard) => List(HomeOf(shard), sql, shard, static row => row.GetFieldValue<byte[]>(0));

    private static string Text(NpgsqlDataReader row, int column) => StoredColumn.Text(row, column)!;

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
