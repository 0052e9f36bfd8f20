using System.Runtime.ExceptionServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace StreamEngine.Kafka.Sources;

/// <summary>
/// The group's calls. They come from inside Consume, on the worker's thread. An exception of the assignee must not reach the client,
/// which would leave the group's protocol half done: it is kept and thrown by TryRead.
/// </summary>
public sealed partial class KafkaClickSource
{
    private IEnumerable<TopicPartitionOffset> Assigned(List<TopicPartition> partitions)
    {
        _wasAssigned = true;
        GroupMoved();
        var shards = Shards(partitions);
        foreach (var shard in shards)
        {
            while (_shards.Count <= shard)
                _shards.Add(new ShardFlow());
            _shards[shard].Assign();
        }

        if (!_closing)
        {
            if (shards.Count > 0)
                LogAssigned(string.Join(", ", shards));
            // Also of nothing: there are more workers than partitions, and this one has its share.
            Tell(() => _assignee!.OnAssigned(shards));
        }

        _unsettled = true;
        return [.. shards.Select(StartOf)];
    }

    /// <summary>
    /// A shard waits, soon paused, at offset 0 until it is placed: the client wants some position for it. A plain number, because the log's end
    /// would be asked of the broker, and an answer that comes after the true position was set has been seen to leave the shard there, reading nothing.
    /// Never its true position: records of an earlier assignment may be in the batch that is being fetched, and only those of an unplaced shard are thrown away.
    /// </summary>
    private TopicPartitionOffset StartOf(int shard)
    {
        _shards[shard].Placed = false;
        return new TopicPartitionOffset(_topic, shard, 0);
    }

    private void Released(List<TopicPartitionOffset> partitions, bool lost)
    {
        var shards = Shards(partitions.ConvertAll(partition => partition.TopicPartition));
        GroupMoved();
        if (!_closing && shards.Count > 0)
        {
            LogReleased(lost ? "lost" : "revoked", string.Join(", ", shards));
            Tell(() =>
            {
                if (lost)
                    _assignee!.OnLost(shards);
                else
                    _assignee!.OnRevoked(shards);
            });
        }

        foreach (var shard in shards)
        {
            _shards[shard].Release();
            _groupOffsets.Forget(shard);
        }
    }

    private void GroupMoved()
    {
        _groupOffsets.GroupMoved();
        foreach (var flow in _shards)
            flow.MayHaveLost = true;
    }

    private static List<int> Shards(List<TopicPartition> partitions)
    {
        var shards = partitions.ConvertAll(partition => partition.Partition.Value);
        shards.Sort();
        return shards;
    }

    private void Tell(Action call)
    {
        try
        {
            call();
        }
        catch (Exception e)
        {
            _handlerFault ??= e;
        }
    }

    private void ThrowHandlerFault()
    {
        var fault = _handlerFault!;
        _handlerFault = null;
        ExceptionDispatchInfo.Throw(fault);
    }

    [LoggerMessage(3013, LogLevel.Information, "Kafka assigned shards {shards}")]
    private partial void LogAssigned(string shards);

    [LoggerMessage(3014, LogLevel.Information, "Kafka {how} shards {shards}")]
    private partial void LogReleased(string how, string shards);
}
