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
    private static readonly TimeSpan WatermarkWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WatchWait = TimeSpan.FromMilliseconds(200);

    /// <summary>A shard that is silent for so long is compared with the broker's log.</summary>
    private static readonly TimeSpan SilentMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A shard with unread records that has been silent for so long is not being fetched: its log ends with an open transaction. The broker holds a fetch no longer when
    /// there is nothing to read (fetch.wait.max.ms).
    /// </summary>
    private static readonly TimeSpan FetchMax = TimeSpan.FromMilliseconds(500);

    /// <summary>The broker is asked for the log ends when what is known is older. An ask costs it and the client some 0.1 ms, at most a hundred times a second.</summary>
    private static readonly TimeSpan EndAgeMax = TimeSpan.FromMilliseconds(10);

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
    private readonly FetchWaker _waker;
    private readonly Placement _placement;
    private readonly GroupOffsets _groupOffsets;
    private readonly List<ShardFlow> _shards = [];
    private readonly bool _cooperative;

    // Made once: a lambda that reads a field allocates every time.
    private readonly Predicate<int> _isMoving;
    private IShardAssignee? _assignee;
    private Exception? _handlerFault;
    private bool _unsettled;

    // TimeProvider timestamps: when shards were last placed or resumed; when the queue was last found empty; and when, with nothing on its way either.
    private long _settledAt;
    private long _emptyAt;
    private long _idleAt;
    private long _judgedAt;
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
        if (settings.InstanceId.Length > 0)
            properties["group.instance.id"] = settings.InstanceId;
        _consumer = new ConsumerBuilder<byte[], byte[]>(properties)
            .SetErrorHandler((_, error) => _trouble.Report(error))
            .SetLogHandler((_, message) => _trouble.Log(message))
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Released(partitions, lost: false))
            .SetPartitionsLostHandler((_, partitions) => Released(partitions, lost: true))
            .Build();
        _batch = new MessageBatch(_consumer.Handle);
        _waker = new FetchWaker(_consumer, time);
        _isMoving = shard => !_shards[shard].Placed;
        _placement = new Placement(_consumer, _topic, _cooperative);
        _groupOffsets = new GroupOffsets(_consumer, _topic, time, logger);
    }

    public void Start(IShardAssignee assignee)
    {
        _assignee = assignee;
        _consumer.Subscribe(_topic);
    }

    public unsafe bool TryRead(TimeSpan wait, out ClickRecord record)
    {
        record = default;
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
        if (_batch.TryPeek(out var next))
        {
            record.NextShard = next->Partition;
            record.NextKey = new ReadOnlySpan<byte>((void*)next->Key, (int)next->KeyBytes);
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

    public long LogEnd(int shard, out TimeSpan age)
    {
        age = TimeSpan.MaxValue;
        if (Flow(shard) is not { IsEndUnknown: false } flow)
            return -1;
        TakeAnswer();
        var end = Math.Max(Watermark(shard), flow.AskedEnd);
        var knownAt = flow is { Flows: true, Placed: true, IsFetched: true } ? Math.Max(IdleAt(), flow.AskedAt) : flow.AskedAt;
        if (knownAt > 0)
            age = _time.GetElapsedTime(knownAt);
        if (age > EndAgeMax && flow.Next >= end)
            _waker.Ask();
        return end;
    }

    public long QueryLogEnd(int shard, TimeSpan wait)
    {
        var askedAt = _time.GetTimestamp();
        var end = Query(shard, Offset.End, wait);
        if (end >= 0)
            Learn(shard, end, askedAt);
        return end;
    }

    public void ReportCommitted(int shard, long nextOffset) => _groupOffsets.Report(shard, nextOffset);

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
        flow.Next = offset + 1;
        flow.HeardAt = _time.GetTimestamp();
        flow.IsEndUnknown = false;
        return true;
    }

    private long Watermark(int shard)
    {
        var high = _consumer.GetWatermarkOffsets(new TopicPartition(_topic, shard)).High;
        return high == Offset.Unset ? -1 : high.Value;
    }

    private void TakeAnswer()
    {
        if (_waker.TakeAnswer() is not { } answer)
            return;
        foreach (var end in answer.Ends)
        {
            if (!end.Offset.IsSpecial)
                Learn(end.Partition.Value, end.Offset.Value, answer.AskedAt);
        }
    }

    /// <summary>
    /// The broker has answered how far a shard's log goes. Its answer comes on the connection of the fetches and behind the one that was under way: the next one,
    /// which is sent at once, is for all shards that were placed before the question.
    /// </summary>
    private void Learn(int shard, long end, long askedAt)
    {
        if (Flow(shard) is not { } flow || askedAt < flow.AskedAt)
            return;
        (flow.AskedEnd, flow.AskedAt) = (end, askedAt);
        flow.IsFetched |= flow.Placed && !_unsettled && askedAt >= _settledAt;
    }

    private void QueueIsEmpty()
    {
        _waker.CountAnew();
        if (!_waker.MaySleep)
            _emptyAt = _time.GetTimestamp();
    }

    /// <summary>
    /// When the client's fetches last waited at the brokers for the next record of any shard that is fetched: its queue was empty, and all that it had heard of
    /// was read. While a backlog comes in, the queue may be empty between two large fetches that take their time.
    /// </summary>
    private long IdleAt()
    {
        if (_judgedAt == _emptyAt)
            return _idleAt;
        _judgedAt = _emptyAt;
        for (var shard = 0; shard < _shards.Count; shard++)
        {
            var flow = _shards[shard];
            if (flow.Flows && flow.Next < Watermark(shard) && _time.GetElapsedTime(flow.HeardAt, _emptyAt) < FetchMax)
                return _idleAt;
        }
        return _idleAt = _emptyAt;
    }

    /// <summary>Comes after every record below it. At the end of a log that ends with a record it says nothing new.</summary>
    private void EndReached(int shard, long offset)
    {
        var flow = _shards[shard];
        if (offset <= Math.Max(0, flow.Next))
            return;
        if (!flow.Flows)
            flow.Placed = false;
        if (!flow.Placed)
            return;
        flow.Next = offset;
        flow.HeardAt = _time.GetTimestamp();
        _assignee!.OnEndReached(shard, offset);
    }

    /// <summary>
    /// Called when nothing came. A shard that is silent although the broker has more for it is placed again: the client has been seen to forget one
    /// after a rebalance. Where the broker does not answer, the log's end is unknown. Asks for one shard a call.
    /// </summary>
    private void WatchSilentShards()
    {
        var now = _time.GetTimestamp();
        for (var shard = 0; shard < _shards.Count; shard++)
        {
            var flow = _shards[shard];
            if (!flow.Flows || !flow.Placed || _time.GetElapsedTime(flow.HeardAt, now) < SilentMax)
                continue;
            flow.HeardAt = now;
            var end = QueryLogEnd(shard, WatchWait);
            flow.IsEndUnknown = end < 0;
            if (end > Math.Max(0, flow.Next))
            {
                LogPlacedAgain(shard, flow.Next, end);
                flow.Placed = false;
                _unsettled = true;
            }
            return;
        }
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

    private string Holds(int shard, long asked)
    {
        var low = Query(shard, Offset.Beginning, WatermarkWait);
        var high = Query(shard, Offset.End, WatermarkWait);
        if (low < 0 || high < 0)
            return "what the log holds is unknown";
        if (asked > high)
            return $"the log ends at {high}: the topic was deleted and made anew, or the broker has lost records";
        var held = low == high ? $"the log is empty and goes on at {high}" : $"the log holds {low} to {high - 1}";
        return asked < low ? $"{held}: {asked} to {low - 1} were deleted, by retention or by hand" : held;
    }

    /// <summary>
    /// By the offsets-for-times call, whose special times are Kafka's own (-1 the end, -2 the beginning): it keeps to its timeout,
    /// while librdkafka 2.0.2's watermark query goes on waiting for a broker that is gone.
    /// </summary>
    private long Query(int shard, Offset special, TimeSpan wait)
    {
        try
        {
            var time = new TopicPartitionTimestamp(_topic, shard, new Timestamp(special.Value, TimestampType.CreateTime));
            return _consumer.OffsetsForTimes([time], wait)[0].Offset is { IsSpecial: false } offset ? offset.Value : -1;
        }
        catch (KafkaException)
        {
            return -1; // the error handler hears why
        }
    }

    [LoggerMessage(3015, LogLevel.Information, "Shard {shard} is silent at offset {next} though its log goes to {end}: reading it again from there")]
    private partial void LogPlacedAgain(int shard, long next, long end);

    [LoggerMessage(3011, LogLevel.Warning, "The Kafka consumer did not leave its group within {seconds} s; its shards move when its session times out")]
    private partial void LogNotClosed(double seconds);

    [LoggerMessage(3012, LogLevel.Warning, "The Kafka consumer did not close cleanly")]
    private partial void LogCloseFailed(Exception error);
}
