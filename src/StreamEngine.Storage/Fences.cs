using System.Globalization;
using StreamEngine.Engine;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage;

/// <summary>What stores say when a shard or a topic is not what the caller takes it for; the same words in every store.</summary>
internal static class Fences
{
    public static string NoShard(ShardCommit commit) =>
        string.Create(CultureInfo.InvariantCulture, $"Shard {commit.Shard} is not in this store: it was provisioned with fewer.");

    public static string Elsewhere(ShardCommit commit, long epoch, string owner, long commitSeq) => string.Create(CultureInfo.InvariantCulture,
        $"Shard {commit.Shard} is at epoch {epoch} of '{owner}' and commit {commitSeq}; ")
        + string.Create(CultureInfo.InvariantCulture, $"commit {commit.CommitSeq} of '{commit.Owner}' in epoch {commit.Epoch} does not follow.");

    public static EngineFatalException UnknownShard(string store, int shard) => new(string.Create(CultureInfo.InvariantCulture,
        $"{store} has no shard {shard}: provision it with the topic's partition count first, and check that the topic has not grown since."));

    public static EngineFatalException Moved(string store, int shard, long expected, long found, string owner) => new(
        string.Create(CultureInfo.InvariantCulture, $"{store}: shard {shard} is not at epoch {expected} any more but at {found} of '{owner}', so nothing was done. ")
        + "Stop the nodes that read this shard, look again with 'streamengine shard show', and repeat.");

    public static EngineFatalException OtherShardCount(string store, string topic, int fixedCount, int foundCount) => new(
        string.Create(CultureInfo.InvariantCulture, $"{store} was provisioned with {fixedCount} partitions of topic {topic}, found {foundCount}: ")
        + "visitors would move to other shards and leave their carts behind. "
        + string.Create(CultureInfo.InvariantCulture, $"Use a topic with {fixedCount} partitions, or start a new store for this one."));

    public static EngineFatalException OtherTopic(string store, string fixedTopic, string foundTopic) => new(
        $"{store} was provisioned for topic {fixedTopic}, asked for topic {foundTopic}: their offsets have nothing in common. "
        + "Set Kafka:ClicksTopic back, or start a new store.");
}
