using Microsoft.Extensions.Logging;

namespace StreamEngine.Engine.Workers;

/// <summary>What a worker tells its operator. Ids are fixed: alarms are built on them.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Information, "Shard {Shard} taken over: epoch {Epoch}, {Sessions} sessions, reading from offset {Offset}, {Outbox} actions to publish.")]
    public static partial void TakenOver(this ILogger logger, int shard, long epoch, int sessions, long offset, long outbox);

    [LoggerMessage(14, LogLevel.Information, "Shard {Shard} taken over again, nobody had it meanwhile: epoch {Epoch}, {Sessions} sessions still in memory, reading from offset {Offset}, {Outbox} actions to publish.")]
    public static partial void TakenOverAgain(this ILogger logger, int shard, long epoch, int sessions, long offset, long outbox);

    [LoggerMessage(13, LogLevel.Debug, "Shard {Shard} read back: epoch {Epoch}, {Sessions} sessions, reading from offset {Offset}, {Outbox} actions to publish.")]
    public static partial void ReadBack(this ILogger logger, int shard, long epoch, int sessions, long offset, long outbox);

    [LoggerMessage(15, LogLevel.Information, "Shard {Shard}: {Count} actions of its outbox are on the topic already and are not published again.")]
    public static partial void AlreadyPublished(this ILogger logger, int shard, int count);

    [LoggerMessage(16, LogLevel.Warning, "Shard {Shard}: {Count} actions wait for the broker. Memory holds no more, further ones wait in the database alone; at {StoredMax} (Engine:OutboxStoredMax) the shard pauses. Look after the broker and the actions topic: nothing is lost.")]
    public static partial void Spilled(this ILogger logger, int shard, long count, int storedMax);

    [LoggerMessage(17, LogLevel.Information, "Shard {Shard}: no action waits in the database alone any more.")]
    public static partial void SpillOver(this ILogger logger, int shard);

    [LoggerMessage(18, LogLevel.Error, "Shard {Shard} pauses: {Count} actions wait for the broker, as many as Engine:OutboxStoredMax allows. No click of it is read and no deadline fires until they leave. Mend the broker or the actions topic, or raise the bound; nothing is lost.")]
    public static partial void OutboxFull(this ILogger logger, int shard, long count);

    [LoggerMessage(19, LogLevel.Warning, "Shard {Shard} goes on: the broker takes its actions again.")]
    public static partial void OutboxRoom(this ILogger logger, int shard);

    [LoggerMessage(20, LogLevel.Warning, "Shard {Shard}: actions that wait in the database cannot be read now: {Reason} Trying again.")]
    public static partial void PageFailed(this ILogger logger, int shard, string reason);

    [LoggerMessage(2, LogLevel.Error, "Shard {Shard} stands still: {Reason}")]
    public static partial void Stopped(this ILogger logger, int shard, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Shard {Shard}: commit {CommitSeq} was not written: {Reason} Nothing is lost: the shard is read back and waits. Trying again until it is over, other shards that meet the same are not named.")]
    public static partial void CommitFailed(this ILogger logger, int shard, long commitSeq, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Shard {Shard} belongs to another owner now: closed. Nothing of it was written or published under the old epoch {Epoch}.")]
    public static partial void Fenced(this ILogger logger, int shard, long epoch);

    [LoggerMessage(5, LogLevel.Error, "Shard {Shard}: handling offset {Offset} failed; the record goes to the dead letters and the shard is read back.")]
    public static partial void TurnFailed(this ILogger logger, Exception exception, int shard, long offset);

    [LoggerMessage(6, LogLevel.Error, "Shard {Shard}: firing a deadline failed; that visitor's deadlines stand still until the shard moves, and the shard is read back.")]
    public static partial void DeadlineFailed(this ILogger logger, Exception exception, int shard);

    [LoggerMessage(7, LogLevel.Critical, "The wall clock jumped by {JumpMs} ms: deadlines are held. Check the clock of this machine; they go on when it is back, or in {HoldMs} ms.")]
    public static partial void ClockHeld(this ILogger logger, long jumpMs, int holdMs);

    [LoggerMessage(8, LogLevel.Warning, "The wall clock is trusted again.")]
    public static partial void ClockTrusted(this ILogger logger);

    [LoggerMessage(9, LogLevel.Warning, "Shard {Shard}: the broker did not take a message ({Reason}); sending again.")]
    public static partial void Resend(this ILogger logger, int shard, string reason);

    [LoggerMessage(10, LogLevel.Information, "Shard {Shard} given up after commit {CommitSeq}.")]
    public static partial void GivenUp(this ILogger logger, int shard, long commitSeq);

    [LoggerMessage(11, LogLevel.Warning, "Shard {Shard} cannot be taken over: {Reason} Trying again until it is over, other shards that meet the same are not named.")]
    public static partial void LoadFailed(this ILogger logger, int shard, string reason);

    [LoggerMessage(12, LogLevel.Warning, "Over after {Seconds} s and {Attempts} attempts, its shards are open again: {Reason}")]
    public static partial void TroubleOver(this ILogger logger, long seconds, int attempts, string reason);
}
