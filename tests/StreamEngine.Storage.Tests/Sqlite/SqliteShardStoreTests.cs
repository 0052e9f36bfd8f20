using StreamEngine.Engine.Stores;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Storage.Tests.Sqlite;

public sealed class SqliteShardStoreTests : ShardStoreContract
{
    private readonly StoreFolder _folder = new();

    protected override IShardStore Open() => _folder.Open();

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
