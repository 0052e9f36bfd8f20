using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace StreamEngine.Kafka.Sources;

/// <summary>
/// How far the shards' logs go, and since when that is known: a shard's deadlines follow the wall clock no further. From what the client's fetches bring, and
/// from the broker's answers where they bring nothing.
/// </summary>
public sealed partial class KafkaClickSource
{
    private static readonly TimeSpan WatermarkWait = TimeSpan.FromSeconds(1);

    /// <summary>The broker is asked about a shard that is silent for so long; its answer may wait there behind a fetch, for <see cref="FetchMax"/>.</summary>
    private static readonly TimeSpan SilentAsk = TimeSpan.FromSeconds(2.5);

    /// <summary>Where it has not answered by then, the log's end is unknown; where it has more, the shard is placed again.</summary>
    private static readonly TimeSpan SilentMax = TimeSpan.FromSeconds(5);

    /// <summary>The broker is asked for the log ends when what is known is older. An ask costs it and the client some 0.1 ms, at most a hundred times a second.</summary>
    private static readonly TimeSpan EndAgeMax = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// A shard with unread records that has been silent for so long is not being fetched: its log ends with an open transaction. The broker holds a fetch no longer when
    /// there is nothing to read (fetch.wait.max.ms).
    /// </summary>
    private static readonly TimeSpan FetchMax = TimeSpan.FromMilliseconds(500);

    // TimeProvider timestamps: when shards were last placed or resumed; when the queue was last found empty; and when, with nothing on its way either.
    private long _settledAt;
    private long _emptyAt;
    private long _idleAt;
    private long _judgedAt;

    /// <summary>Calls of <see cref="TryRead"/>.</summary>
    private long _reads;

    public long LogEnd(int shard, out TimeSpan age)
    {
        age = TimeSpan.MaxValue;
        if (_closing || Flow(shard) is not { } flow)
            return -1;
        TakeAnswer();
        if (flow.IsEndUnknown)
        {
            _waker.Ask();
            return -1;
        }
        var end = Math.Max(HeardEnd(shard, flow), flow.AskedEnd);
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

    /// <summary>Looked up once between two reads: what the client hears of later is not read before the next one either.</summary>
    private long HeardEnd(int shard, ShardFlow flow)
    {
        if (flow.HeardEndAt != _reads)
            (flow.HeardEnd, flow.HeardEndAt) = (_watermarks.Of(shard), _reads);
        return flow.HeardEnd;
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
        if (end <= Math.Max(0, flow.Next))
            flow.WholeAt = askedAt;
        // What was asked before the broker fell silent, and was only taken now, says nothing about whether it answers.
        flow.IsEndUnknown &= askedAt < flow.HeardAt;
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
            if (flow.Flows && flow.Next < HeardEnd(shard, flow) && _time.GetElapsedTime(flow.HeardAt, _emptyAt) < FetchMax)
                return _idleAt;
        }
        return _idleAt = _emptyAt;
    }

    /// <summary>
    /// Called when nothing came. A shard that is silent although the broker has more for it is placed again: the client has been seen to forget one
    /// after a rebalance. Where the broker does not answer, the log's end is unknown until it does. The helper thread asks, for all shards in one call, and so early that a
    /// broker that is well has answered in time: asked from here and only when it was time, an answer behind a fetch kept all shards of the worker waiting for 200 ms
    /// each, and a silent one's deadlines for a second, once in five.
    /// </summary>
    private void WatchSilentShards()
    {
        TakeAnswer();
        var now = _time.GetTimestamp();
        for (var shard = 0; shard < _shards.Count; shard++)
        {
            var flow = _shards[shard];
            if (!flow.Flows || !flow.Placed)
                continue;
            var heardAt = Math.Max(flow.HeardAt, flow.WholeAt);
            var silent = _time.GetElapsedTime(heardAt, now);
            // The broker has answered since, and it has more: what was appended just now comes within the time that is left.
            var isMissing = flow.AskedAt > heardAt;
            if (silent >= SilentAsk && !isMissing)
                _waker.Ask();
            if (silent < SilentMax)
                continue;
            flow.HeardAt = now;
            flow.IsEndUnknown = !isMissing;
            if (isMissing)
            {
                LogPlacedAgain(shard, flow.Next, flow.AskedEnd);
                flow.Placed = false;
                _unsettled = true;
            }
        }
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
}
