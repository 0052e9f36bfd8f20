using System.Globalization;
using StreamEngine.Engine;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Host.Nodes;

/// <summary>
/// A database without a commit, and a consumer group that has read clicks: the file was lost, or another one is meant. Starting all the same would read the
/// topic again from its beginning, which nobody should learn from his customers.
/// </summary>
public static class EmptyStoreCheck
{
    public const string Option = "--accept-empty-store";

    private static readonly TimeSpan GroupWait = TimeSpan.FromSeconds(30);

    /// <exception cref="EngineFatalException">The group has read clicks.</exception>
    public static void Run(KafkaSettings kafka, int partitions, string storePath)
    {
        var read = GroupProgress.Ask(kafka, partitions, GroupWait);
        if (read.Sum() == 0)
        {
            return;
        }
        throw new EngineFatalException(string.Create(
            CultureInfo.InvariantCulture,
            $"{storePath} holds no commit, but group {kafka.GroupId} has read topic {kafka.ClicksTopic}, partition {IndexOfMax(read)} up to offset {read.Max()}: "
            + $"the database was lost, or another one is meant. Correct Store:Path, or put the file back, or a backup of it with its -wal file. "
            + $"To make a new database from all clicks that the topic still holds, start once with {Option}: actions are then published again, under the ids they had."));
    }

    private static int IndexOfMax(IReadOnlyList<long> offsets)
    {
        var max = 0;
        for (var i = 1; i < offsets.Count; i++)
        {
            max = offsets[i] > offsets[max] ? i : max;
        }
        return max;
    }
}
