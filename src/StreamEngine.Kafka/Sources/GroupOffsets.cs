using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace StreamEngine.Kafka.Sources;

/// <summary>
/// Writes positions to the consumer group, for lag tools only. At most once a second, on a timer's thread, because the client's
/// commit waits for the broker's answer; a worker only leaves its numbers here. A failed commit is tried again with the next.
/// </summary>
internal sealed partial class GroupOffsets : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly string _topic;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _waiting = [];
    private readonly SemaphoreSlim _committing = new(1);
    private ErrorCode _lastError = ErrorCode.NoError;

    public GroupOffsets(IConsumer<byte[], byte[]> consumer, string topic, TimeProvider time, ILogger logger)
    {
        _consumer = consumer;
        _topic = topic;
        _logger = logger;
        _timer = time.CreateTimer(_ => Commit(), null, Interval, Interval);
    }

    public void Report(int shard, long nextOffset)
    {
        lock (_gate)
            _waiting[shard] = nextOffset;
    }

    /// <summary>The shard is another member's now: its numbers count, not ours.</summary>
    public void Forget(int shard)
    {
        lock (_gate)
            _waiting.Remove(shard);
    }

    /// <summary>Commits what waits, on a thread of its own; nothing while another commit is under way.</summary>
    public Task BeginCommit() => Task.Factory.StartNew(Commit, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <returns>False when a commit was still under way after <paramref name="wait"/>; else none will be any more.</returns>
    public bool WaitForCommit(TimeSpan wait) => _committing.Wait(wait);

    /// <summary>Ends the timer; the semaphore stays usable for a commit that is still waiting for a broker.</summary>
    public void Dispose() => _timer.Dispose();

    private void Commit()
    {
        if (!_committing.Wait(TimeSpan.Zero))
            return;
        try
        {
            List<TopicPartitionOffset> offsets;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                    return;
                offsets = [.. _waiting.Select(entry => new TopicPartitionOffset(_topic, entry.Key, entry.Value))];
                _waiting.Clear();
            }

            Commit(offsets);
        }
        finally
        {
            _committing.Release();
        }
    }

    private void Commit(List<TopicPartitionOffset> offsets)
    {
        try
        {
            _consumer.Commit(offsets);
            _lastError = ErrorCode.NoError;
        }
        catch (KafkaException e)
        {
            PutBack(offsets);
            if (_lastError != e.Error.Code)
                LogNotCommitted(e.Error.Reason, e.Error.Code);
            _lastError = e.Error.Code;
        }
        catch (ObjectDisposedException)
        {
            // The source was closed meanwhile.
        }
    }

    private void PutBack(List<TopicPartitionOffset> offsets)
    {
        lock (_gate)
        {
            foreach (var offset in offsets)
                _waiting.TryAdd(offset.Partition.Value, offset.Offset.Value);
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "Kafka's consumer group does not take positions now: {reason} ({code}); lag tools see old ones, recovery does not need them")]
    private partial void LogNotCommitted(string reason, ErrorCode code);
}
