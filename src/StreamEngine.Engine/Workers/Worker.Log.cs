using Microsoft.Extensions.Logging;

namespace StreamEngine.Engine.Workers;

public sealed partial class Worker
{
    [LoggerMessage(1, LogLevel.Information, "Shard {Shard} taken over: epoch {Epoch}, {Sessions} sessions, reading from offset {Offset}, {Outbox} actions to publish.")]
    private partial void LogTakenOver(int shard, long epoch, int sessions, long offset, int outbox);

    [LoggerMessage(2, LogLevel.Error, "Shard {Shard} stands still: {Reason}")]
    private partial void LogStopped(int shard, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Shard {Shard}: commit {CommitSeq} was not written: {Reason} Reading the shard back; trying again in {RetryMs} ms.")]
    private partial void LogCommitFailed(int shard, long commitSeq, string reason, int retryMs);

    [LoggerMessage(4, LogLevel.Warning, "Shard {Shard} belongs to another owner now: closed. Nothing of it was written or published under the old epoch {Epoch}.")]
    private partial void LogFenced(int shard, long epoch);

    [LoggerMessage(5, LogLevel.Error, "Shard {Shard}: handling offset {Offset} failed; the record goes to the dead letters and the shard is read back.")]
    private partial void LogTurnFailed(Exception exception, int shard, long offset);

    [LoggerMessage(6, LogLevel.Error, "Shard {Shard}: firing a deadline failed; that visitor's deadlines stand still and the shard is read back.")]
    private partial void LogDeadlineFailed(Exception exception, int shard);

    [LoggerMessage(7, LogLevel.Critical, "The wall clock jumped by {JumpMs} ms: deadlines are held. Check the clock of this machine; they go on when it is back, or in {HoldMs} ms.")]
    private partial void LogClockHeld(long jumpMs, int holdMs);

    [LoggerMessage(8, LogLevel.Warning, "The wall clock is trusted again.")]
    private partial void LogClockTrusted();

    [LoggerMessage(9, LogLevel.Warning, "Shard {Shard}: the broker did not take a message ({Reason}); sending again.")]
    private partial void LogResend(int shard, string reason);

    [LoggerMessage(10, LogLevel.Information, "Shard {Shard} given up after commit {CommitSeq}.")]
    private partial void LogGivenUp(int shard, long commitSeq);

    [LoggerMessage(11, LogLevel.Warning, "Shard {Shard} cannot be taken over: {Reason} Trying again in {RetryMs} ms.")]
    private partial void LogLoadFailed(int shard, string reason, int retryMs);
}
