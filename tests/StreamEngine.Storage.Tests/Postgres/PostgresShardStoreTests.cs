using System.Globalization;
using Npgsql;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Postgres;

namespace StreamEngine.Storage.Tests.Postgres;

public sealed class PostgresShardStoreTests : SqlStoreContract
{
    private string? _database;

    private string Database => _database ??= PostgresFixture.Server.CreateDatabase();

    protected override IShardStore Open() => PostgresFixture.Open(Database);

    protected override void Execute(string sql) => PostgresFixture.Server.Execute(new NpgsqlConnectionStringBuilder(Database).Database!, sql);

    protected override string[] Ask(string sql)
    {
        using var connection = new NpgsqlConnection(Database);
        connection.Open();
        using var select = new NpgsqlCommand(sql, connection);
        using var row = select.ExecuteReader();
        Assert.True(row.Read());
        return [.. Enumerable.Range(0, row.FieldCount).Select(at => Convert.ToString(row.GetValue(at), CultureInfo.InvariantCulture)!)];
    }

    protected override StoreRows ReadRows(int shard)
    {
        using var reader = PostgresStoreReader.Open(PostgresFixture.Options(Database));
        return new StoreRows(reader.ReadActions(shard), reader.ReadCarts(shard), reader.ReadKpis(shard), reader.ReadDeadLetters(shard), reader.ReadContacts());
    }
}
