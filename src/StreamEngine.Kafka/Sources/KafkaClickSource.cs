using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamEngine.Engine.Sources;
using StreamEngine.Kafka.Native;

namespace StreamEngine.Kafka.Sources;

/// <summary>
/// Clicks from a Kafka topic, as a member of the consumer group. The group says which shards this worker reads; where in them,
/// the worker says. Dispose ends membership and calls the assignee no more: close the shards first.
/// </summary>
public sealed partial class KafkaClickSource : IClickSource
{
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PositionsWait = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Consumers that must not be destroyed, and stay until the process ends; here, so that no finalizer finds them. Those that still wait for the answer to a
    /// commit; and those that were given up before their first assignment came and only leave the group: before 2.3 librdkafka aborts the process when it
    /// destroys one of these (its issue 4312, cooperative-sticky only), and closing includes that.
    /// </summary>
    private static readonly ConcurrentBag<IDisposable> s_notDestroyed = [];

    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClientTrouble _trouble;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly MessageBatch _batch;
    private readonly HighWatermarks _watermarks;
    private readonly FetchWaker _waker;
    private readonly Placement _placement;
    private readonly GroupOffsets _groupOffsets;
    private readonly List<ShardFlow> _shards = [];
    private readonly bool _cooperative;
    private readonly bool _hasName;

    // Made once: a lambda that reads a field allocates every time.
    private readonly Predicate<int> _isMoving;
    private IShardAssignee? _assignee;
    private Exception? _handlerFault;
    private bool _unsettled;
    private volatile bool _closing;
    private volatile bool _wasAssigned;

    public KafkaClickSource(KafkaSettings settings, TimeProvider time, ILogger<KafkaClickSource> logger)
    {
        _topic = settings.ClicksTopic;
        _time = time;
        _logger = logger;
        _trouble = new ClientTrouble("consumer", settings.BootstrapServers, time, logger);
        var strategy = settings.Client.GetValueOrDefault("partition.assignment.strategy", "cooperative-sticky");
        _cooperative = strategy.Contains("cooperative", StringComparison.Ordinal);
        var properties = ClientProperties.For(
            settings,
            ("group.id", settings.GroupId),
            ("partition.assignment.strategy", strategy),
            // A member hears of a rebalance with its next heartbeat: with the client's 3 s, shards of a node that leaves would lie idle for so long.
            ("heartbeat.interval.ms", settings.Client.GetValueOrDefault("heartbeat.interval.ms", "500")),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "error"),
            ("enable.partition.eof", "true"),
            ("queued.min.messages", FetchWaker.QueuedRecords.ToString(CultureInfo.InvariantCulture)),
            ("queued.max.messages.kbytes", FetchWaker.QueuedKilobytes.ToString(CultureInfo.InvariantCulture)));
        _hasName = settings.InstanceId.Length > 0;
        if (_hasName)
            properties["group.instance.id"] = settings.InstanceId;
        _consumer = new ConsumerBuilder<byte[], byte[]>(properties)
            .SetErrorHandler((_, error) => _trouble.Report(error))
            .SetLogHandler((_, message) => _trouble.Log(message))
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Released(partitions, lost: false))
            .SetPartitionsLostHandler((_, partitions) => Released(partitions, lost: true))
            .Build();
        _batch = new MessageBatch(_consumer.Handle);
        _watermarks = new HighWatermarks(_consumer.Handle, _topic);
        _waker = new FetchWaker(_consumer, time);
        _isMoving = shard => !_shards[shard].Placed;
        _placement = new Placement(_consumer, _topic, _cooperative);
        _groupOffsets = new GroupOffsets(_consumer, _topic, time, logger);
    }

    /// <summary>For a test that has it forget a record.</summary>
    internal IConsumer<byte[], byte[]> Client => _consumer;

    public void Start(IShardAssignee assignee)
    {
        _assignee = assignee;
        _consumer.Subscribe(_topic);
    }

    public unsafe bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        record = default;
        _reads++;
        _trouble.ThrowIfFatal();
        if (_unsettled)
            Settle();
        var isThere = _batch.TryNext(wait, out var message);
        while (isThere && message->Error == NativeMessage.EndOfPartition)
        {
            EndReached(message->Partition, message->Offset);
            isThere = _batch.TryNext(TimeSpan.Zero, out message);
        }
        if (_handlerFault is not null)
            ThrowHandlerFault();
        if (isThere && message->Error != 0)
        {
            Failed(message);
            isThere = false;
        }

        _trouble.ThrowIfFatal();
        if (!isThere)
        {
            QueueIsEmpty();
            WatchSilentShards();
            return false;
        }

        if (!IsWanted(message->Partition, message->Offset))
            return false;
        _trouble.Worked();
        _waker.Count((int)message->PayloadBytes);
        record.Shard = message->Partition;
        record.Offset = message->Offset;
        var timeMs = LibRdKafka.rd_kafka_message_timestamp((nint)message, out var timeType);
        if (timeType != NativeMessage.NoTime)
        {
            record.TimestampMs = timeMs;
            record.IsLogAppendTime = timeType == NativeMessage.LogAppendTime;
        }

        record.Key = new ReadOnlySpan<byte>((void*)message->Key, (int)message->KeyBytes);
        record.Value = new ReadOnlySpan<byte>((void*)message->Payload, (int)message->PayloadBytes);
        if (_batch.TryPeek(ClickRecord.AheadRecords, out var ahead))
        {
            record.AheadShard = ahead->Partition;
            record.AheadKey = new ReadOnlySpan<byte>((void*)ahead->Key, (int)ahead->KeyBytes);
        }
        return true;
    }

    public void ReadFrom(int shard, long offset)
    {
        if (Flow(shard) is not { } flow)
            return;
        flow.ReadFrom(offset < 0 ? Offset.Beginning.Value : offset);
        flow.HeardAt = _time.GetTimestamp();
        _unsettled = true;
    }

    public void Pause(int shard) => SetPaused(shard, true);

    public void Resume(int shard) => SetPaused(shard, false);

    public void ReportCommitted(int shard, long nextOffset) => _groupOffsets.Report(shard, nextOffset);

    /// <summary>
    /// Takes the subscription back before the last commits: the client joins no rebalance any more, and leaves when it is polled again, which is left to closing
    /// it. A member that joins a rebalance and then leaves makes the others join twice, and the client (librdkafka 2.0.2) joins once a second. When four nodes
    /// of six stopped at the same time, their shards were taken over after 2.0 s (p50) and 2.3 s (p99), with this after 0.7 s and 1.3 s.
    /// A member with a name of its own stays one in any case.
    /// </summary>
    public void BeginLeave()
    {
        if (!_wasAssigned || _hasName)
            return;
        try
        {
            _consumer.Unsubscribe();
        }
        catch (KafkaException e)
        {
            _trouble.Report(e.Error);
        }
    }

    /// <summary>Leaves the group so that others take over at once. A broker that does not answer costs 5 s, not a hang.</summary>
    public void Dispose()
    {
        if (_closing)
            return;
        _closing = true;
        _batch.Dispose();
        _waker.Dispose();
        _groupOffsets.Dispose();
        // On a thread of its own: a node that stops under load finds no free one in the pool.
        var closed = Task.Factory.StartNew(Leave, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            if (!closed.Wait(CloseWait))
                LogNotClosed(CloseWait.TotalSeconds);
        }
        catch (AggregateException) when (_trouble.IsFatal)
        {
            // The reason has been thrown already; a client that cannot go on cannot leave in order either.
        }
        catch (AggregateException e)
        {
            LogCloseFailed(e.InnerException ?? e);
        }
    }

    /// <summary>
    /// Positions are for lag tools, and the broker may keep us waiting for them while the group rebalances, which it cannot end without us: leaving does not wait for them.
    /// </summary>
    private void Leave()
    {
        _groupOffsets.BeginCommit().Wait(PositionsWait);
        if (_assignee is not null && !WaitForAssignment())
        {
            s_notDestroyed.Add(_consumer);
            _consumer.Unsubscribe();
            return;
        }

        _consumer.Close();
        if (_groupOffsets.WaitForCommit(CloseWait))
            _consumer.Dispose();
        else
            s_notDestroyed.Add(_consumer);
    }

    /// <summary>A member that leaves while it joins lets the join end first: about 3 s.</summary>
    private bool WaitForAssignment()
    {
        for (var poll = 0; poll < 60 && !_wasAssigned; poll++)
        {
            try
            {
                _consumer.Consume(TimeSpan.FromMilliseconds(50));
            }
            catch (ConsumeException e)
            {
                _trouble.Report(e.Error);
            }
        }

        return _wasAssigned;
    }

    private void SetPaused(int shard, bool paused)
    {
        if (Flow(shard) is not { } flow || flow.Paused == paused)
            return;
        flow.Paused = paused;
        // Records that gathered meanwhile are not missing.
        flow.HeardAt = _time.GetTimestamp();
        _unsettled = true;
    }

    private void Settle()
    {
        _unsettled = false;
        _batch.Discard(_isMoving);
        try
        {
            _placement.Settle(_shards);
            _settledAt = _time.GetTimestamp();
            _waker.Follow(ReadShards());
        }
        catch (KafkaException e)
        {
            _trouble.Report(e.Error);
            _unsettled = true;
        }
    }

    private IEnumerable<TopicPartition> ReadShards()
    {
        for (var shard = 0; shard < _shards.Count; shard++)
        {
            if (_shards[shard] is { Assigned: true, Reading: true })
                yield return new TopicPartition(_topic, shard);
        }
    }

    /// <summary>
    /// A record may still come from a place the client has been told to leave. One that is dropped while its shard is paused
    /// makes the client be placed again, so it is not lost.
    /// </summary>
    private bool IsWanted(int shard, long offset)
    {
        var flow = _shards[shard];
        if (!flow.Flows)
        {
            flow.Placed = false;
            return false;
        }

        if (!flow.Placed || offset < flow.Next)
            return false;
        if (offset > flow.Next && FetchesAgain(shard, flow))
            return false;
        flow.Next = offset + 1;
        // Not once for all records that came together: after a stall the rest of them would tell an old time, and a backlog would be taken for idle.
        flow.HeardAt = _time.GetTimestamp();
        flow.IsEndUnknown = false;
        return true;
    }

    /// <summary>
    /// While a cooperative group shares shards out anew, the client pauses those that stay, on a thread of its own; and before its release 2.1 (its pull request 4208)
    /// a batch of records that is being handed out at that moment may be thrown away in part, as if it had been read.
    /// </summary>
    private bool FetchesAgain(int shard, ShardFlow flow)
    {
        if (!flow.FetchesAgain())
            return false;
        LogFetchedAgain(shard, flow.Next);
        _unsettled = true;
        return true;
    }

    /// <summary>Comes after every record below it. At the end of a log that ends with a record it says nothing new.</summary>
    private void EndReached(int shard, long offset)
    {
        var flow = _shards[shard];
        if (offset <= Math.Max(0, flow.Next))
            return;
        if (!flow.Flows)
            flow.Placed = false;
        if (!flow.Placed || FetchesAgain(shard, flow))
            return;
        flow.Next = offset;
        flow.HeardAt = _time.GetTimestamp();
        _assignee!.OnEndReached(shard, offset);
    }

    private ShardFlow? Flow(int shard) => shard >= 0 && shard < _shards.Count && _shards[shard].Assigned ? _shards[shard] : null;

    private unsafe void Failed(NativeMessage* message)
    {
        var code = (ErrorCode)message->Error;
        if (code == ErrorCode.Local_AutoOffsetReset && Flow(message->Partition) is { } flow)
            OffsetMissing(message->Partition, flow);
        else
            _trouble.Report(new Error(code, Marshal.PtrToStringUTF8(message->Payload, (int)message->PayloadBytes)));
    }

    private void OffsetMissing(int shard, ShardFlow flow)
    {
        if (!flow.Reading || !flow.Placed)
            return;
        flow.Reading = false;
        _unsettled = true;
        _assignee!.OnOffsetMissing(shard, $"asked for offset {flow.Next}, {Holds(shard, flow.Next)}");
    }

    [LoggerMessage(3016, LogLevel.Information, "Shard {shard}: what follows offset {offset} came and that one did not; the group has moved meanwhile, so it is fetched once more")]
    private partial void LogFetchedAgain(int shard, long offset);

    [LoggerMessage(3011, LogLevel.Warning, "The Kafka consumer did not leave its group within {seconds} s; its shards move when its session times out")]
    private partial void LogNotClosed(double seconds);

    [LoggerMessage(3012, LogLevel.Warning, "The Kafka consumer did not close cleanly")]
    private partial void LogCloseFailed(Exception error);
}
