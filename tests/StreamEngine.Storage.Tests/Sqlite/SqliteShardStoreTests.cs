using System.Globalization;
using Microsoft.Data.Sqlite;
using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Storage.Tests.Sqlite;

public sealed class SqliteShardStoreTests : SqlStoreContract
{
    private readonly StoreFolder _folder = new();

    protected override IShardStore Open() => _folder.Open();

    protected override void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    protected override string[] Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=false;Mode=ReadOnly");
        connection.Open();
        using var select = connection.CreateCommand();
        select.CommandText = sql;
        using var row = select.ExecuteReader();
        Assert.True(row.Read());
        return [.. Enumerable.Range(0, row.FieldCount).Select(at => Convert.ToString(row.GetValue(at), CultureInfo.InvariantCulture)!)];
    }

    protected override StoreRows ReadRows(int shard)
    {
        using var reader = SqliteStoreReader.Open(_folder.File);
        return new StoreRows(
            [.. reader.ReadActions(shard)], [.. reader.ReadCarts(shard)], [.. reader.ReadKpis(shard)], [.. reader.ReadDeadLetters(shard)],
            [.. reader.ReadContacts()]);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _folder.Dispose();
    }
}
