using StreamEngine.Engine.Stores;
using StreamEngine.Host.Settings;
using StreamEngine.Storage;
using StreamEngine.Storage.Postgres;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Host.Tests.EndToEnd;

/// <summary>What a shop's nodes wrote, in whichever database.</summary>
internal sealed class StoreReader : IDisposable
{
    private readonly SqliteStoreReader? _file;
    private readonly PostgresStoreReader? _servers;

    private StoreReader(SqliteStoreReader? file, PostgresStoreReader? servers) => (_file, _servers) = (file, servers);

    public static StoreReader Open(StorePart part) => string.Equals(part.Kind, StorePart.Postgres, StringComparison.Ordinal)
        ? new StoreReader(null, PostgresStoreReader.Open(new PostgresStoreOptions { Servers = part.ConnectionStrings }))
        : new StoreReader(SqliteStoreReader.Open(part.Path), null);

    public StoreSummary ReadSummary() => _servers?.ReadSummary() ?? _file!.ReadSummary();

    public ShardRecord ReadShard(int shard) => _servers?.ReadShard(shard) ?? _file!.ReadShard(shard);

    /// <summary>In order of sequence. The memory is used again for the next element.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ReadSegments(int shard) => _servers?.ReadSegments(shard) ?? _file!.ReadSegments(shard);

    public IEnumerable<ActionRow> ReadActions(int shard) => _servers?.ReadActions(shard) ?? _file!.ReadActions(shard);

    public IEnumerable<DeadLetterRow> ReadDeadLetters(int shard) => _servers?.ReadDeadLetters(shard) ?? _file!.ReadDeadLetters(shard);

    public void Dispose()
    {
        _file?.Dispose();
        _servers?.Dispose();
    }
}
