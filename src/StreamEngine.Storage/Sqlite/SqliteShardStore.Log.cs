using Microsoft.Extensions.Logging;

namespace StreamEngine.Storage.Sqlite;

public sealed partial class SqliteShardStore
{
    [LoggerMessage(302, LogLevel.Warning,
        "Copying the log of {Path} into the database failed, it stays in the -wal file and is tried again: {Reason}")]
    private partial void LogCheckpointFailed(string path, string reason);

    [LoggerMessage(306, LogLevel.Warning, "The log of {Path} is copied into the database again, {Attempts} attempts had failed")]
    private partial void LogCheckpointWorks(string path, int attempts);

    [LoggerMessage(303, LogLevel.Warning,
        "The log {Path}-wal has grown to {LogBytes} bytes because a reader holds it back: end long-running queries and backups on this file")]
    private partial void LogLogHeldBack(string path, long logBytes);

    [LoggerMessage(304, LogLevel.Warning, "Shard {Shard}: what became of its last commit cannot be looked up yet: {Reason}")]
    private partial void LogResolveWaits(int shard, string reason);

    [LoggerMessage(305, LogLevel.Warning, "Closing the database failed; its -wal file is read at the next start: {Reason}")]
    private partial void LogCloseFailed(string reason);
}
