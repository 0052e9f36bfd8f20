using Confluent.Kafka;

namespace StreamEngine.Kafka.Sources;

/// <summary>
/// Brings the client to where the worker wants it. A position is set by taking the partition out of the assignment and putting it back
/// at an offset, not by seek: librdkafka refuses a seek while an assignment is still under way, and ReadFrom may come at any time.
/// With a cooperative strategy that touches only the shards that move; an eager one knows only whole assignments,
/// so the other shards are placed again too and fetch again what they had in their queue.
/// </summary>
internal sealed class Placement(IConsumer<byte[], byte[]> consumer, string topic, bool cooperative)
{
    private readonly List<TopicPartition> _partitions = [];
    private readonly List<TopicPartitionOffset> _positions = [];

    /// <exception cref="KafkaException">Not done; nothing is noted as done that is not: try again.</exception>
    public void Settle(List<ShardFlow> shards)
    {
        var moves = shards.Exists(flow => flow.Flows && !flow.Placed);
        Resume(shards, all: moves && !cooperative);
        if (moves && cooperative)
            MoveEach(shards);
        else if (moves)
            MoveAll(shards);
        PauseSilent(shards);
    }

    private void MoveEach(List<ShardFlow> shards)
    {
        Collect(shards, flow => flow.Flows && !flow.Placed);
        _positions.Clear();
        foreach (var partition in _partitions)
            _positions.Add(new TopicPartitionOffset(partition, shards[partition.Partition.Value].Next));
        consumer.IncrementalUnassign(_partitions);
        consumer.IncrementalAssign(_positions);
        foreach (var partition in _partitions)
            (shards[partition.Partition.Value].Placed, shards[partition.Partition.Value].IsFetched) = (true, false);
    }

    private void MoveAll(List<ShardFlow> shards)
    {
        Collect(shards, flow => flow.Assigned);
        _positions.Clear();
        foreach (var partition in _partitions)
        {
            var flow = shards[partition.Partition.Value];
            _positions.Add(new TopicPartitionOffset(partition, flow.Reading ? flow.Next : Offset.End));
        }

        consumer.Assign(_positions);
        foreach (var partition in _partitions)
        {
            var flow = shards[partition.Partition.Value];
            (flow.Placed, flow.IsFetched) = (flow.Reading, false);
        }
    }

    private void Resume(List<ShardFlow> shards, bool all)
    {
        Collect(shards, flow => flow.Assigned && flow.MaybePaused && (all || flow.Flows));
        if (_partitions.Count == 0)
            return;
        consumer.Resume(_partitions);
        foreach (var partition in _partitions)
        {
            var flow = shards[partition.Partition.Value];
            flow.MaybePaused = flow.SurelyPaused = flow.IsFetched = false;
        }
    }

    private void PauseSilent(List<ShardFlow> shards)
    {
        Collect(shards, flow => flow.Assigned && !flow.Flows && !flow.SurelyPaused);
        if (_partitions.Count == 0)
            return;
        consumer.Pause(_partitions);
        foreach (var partition in _partitions)
            shards[partition.Partition.Value].MaybePaused = shards[partition.Partition.Value].SurelyPaused = true;
    }

    private void Collect(List<ShardFlow> shards, Predicate<ShardFlow> wanted)
    {
        _partitions.Clear();
        for (var shard = 0; shard < shards.Count; shard++)
        {
            if (wanted(shards[shard]))
                _partitions.Add(new TopicPartition(topic, shard));
        }
    }
}
