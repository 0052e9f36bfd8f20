using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace StreamEngine.Kafka.Sources;

/// <summary>
/// Writes positions to the consumer group, for lag tools only. As often as Kafka's own clients do, on a timer's thread, because the client's
/// commit waits for the broker's answer; a worker only leaves its numbers here. A failed commit is tried again with the next.
/// Only while the group is quiet: behind a join that is under way a broker takes positions for those of the generation before and refuses them, which the client
/// (librdkafka 2.0.2) takes for the loss of all its shards; refused as a member unknown to the broker, it has been seen to end the process without a word.
/// </summary>
internal sealed partial class GroupOffsets : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A member that gave shards away joins once more; it takes as long as the slowest other member's heartbeat.</summary>
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(3);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _waiting = [];
    private readonly HashSet<int> _held = [];
    private long _movedAt;
    private readonly SemaphoreSlim _committing = new(1);
    private ErrorCode _lastError = ErrorCode.NoError;

    public GroupOffsets(IConsumer<byte[], byte[]> consumer, string topic, TimeProvider time, ILogger logger)
    {
        _consumer = consumer;
        _topic = topic;
        _time = time;
        _logger = logger;
        _movedAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => CommitWhenQuiet(), null, Interval, Interval);
    }

    public void Report(int shard, long nextOffset)
    {
        lock (_gate)
        {
            _held.Add(shard);
            _waiting[shard] = nextOffset;
        }
    }

    /// <summary>The group gave shards or took some.</summary>
    public void GroupMoved()
    {
        lock (_gate)
            _movedAt = _time.GetTimestamp();
    }

    /// <summary>The shard is another member's now: its numbers count, not ours.</summary>
    public void Forget(int shard)
    {
        lock (_gate)
        {
            _held.Remove(shard);
            _waiting.Remove(shard);
        }
    }

    /// <summary>Commits what waits, quiet or not, on a thread of its own; nothing while another commit is under way.</summary>
    public Task BeginCommit() => Task.Factory.StartNew(Commit, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <returns>False when a commit was still under way after <paramref name="wait"/>; else none will be any more.</returns>
    public bool WaitForCommit(TimeSpan wait) => _committing.Wait(wait);

    /// <summary>Ends the timer; the semaphore stays usable for a commit that is still waiting for a broker.</summary>
    public void Dispose() => _timer.Dispose();

    internal void CommitWhenQuiet()
    {
        bool isQuiet;
        lock (_gate)
            isQuiet = _time.GetElapsedTime(_movedAt) >= QuietFor;
        if (isQuiet)
            Commit();
    }

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
            // Not of shards that left meanwhile: their new owner's numbers count.
            foreach (var offset in offsets.Where(offset => _held.Contains(offset.Partition.Value)))
                _waiting.TryAdd(offset.Partition.Value, offset.Offset.Value);
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "Kafka's consumer group does not take positions now: {reason} ({code}); lag tools see old ones, recovery does not need them")]
    private partial void LogNotCommitted(string reason, ErrorCode code);
}
