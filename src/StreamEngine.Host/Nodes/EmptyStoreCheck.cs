using System.Globalization;
using StreamEngine.Engine;
using StreamEngine.Host.Settings;
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

    /// <param name="shards">Those of which the store holds nothing.</param>
    /// <exception cref="EngineFatalException">The group has read clicks of theirs.</exception>
    public static void Run(KafkaSettings kafka, int partitions, IReadOnlyList<int> shards, StorePart store)
    {
        var read = GroupProgress.Ask(kafka, partitions, GroupWait);
        var furthest = shards.MaxBy(shard => read[shard]);
        if (read[furthest] == 0)
        {
            return;
        }
        throw new EngineFatalException(string.Create(
            CultureInfo.InvariantCulture,
            $"{NodeStore.Name(store)} holds no commit, but group {kafka.GroupId} has read topic {kafka.ClicksTopic}, partition {furthest} up to offset {read[furthest]}: "
            + $"the database was lost, or another one is meant. {NodeStore.Mend(store)}. "
            + $"To make a new database from all clicks that the topic still holds, start once with {Option}: actions are then published again, under the ids they had."));
    }
}
