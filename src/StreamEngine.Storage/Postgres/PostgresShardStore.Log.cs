using Microsoft.Extensions.Logging;

namespace StreamEngine.Storage.Postgres;

public sealed partial class PostgresShardStore
{
    [LoggerMessage(311, LogLevel.Warning, "Shard {Shard}: what became of its last commit cannot be looked up yet: {Reason}")]
    private partial void LogResolveWaits(int shard, string reason);

    [LoggerMessage(312, LogLevel.Warning, "Its shards wait until it is back, those of the other servers go on. {Reason}")]
    private partial void LogServerAway(string reason);
}
