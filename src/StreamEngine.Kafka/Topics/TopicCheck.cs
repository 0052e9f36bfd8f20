using Confluent.Kafka;
using StreamEngine.Engine;

namespace StreamEngine.Kafka.Topics;

/// <summary>How many partitions the topics have. Actions have as many as clicks.</summary>
public sealed record TopicLayout(int ClicksPartitions, int DeadPartitions);

/// <summary>Whether the topics are what the engine needs, asked once at start.</summary>
public static class TopicCheck
{
    /// <exception cref="EngineFatalException">No broker answers, a topic is missing, or partition counts do not fit.</exception>
    public static TopicLayout Run(KafkaSettings settings, TimeSpan wait)
    {
        var topics = Ask(settings, wait);
        var clicks = Count(topics, settings, settings.ClicksTopic);
        var actions = Count(topics, settings, settings.ActionsTopic);
        var dead = Count(topics, settings, settings.DeadTopic);
        if (actions != clicks)
        {
            throw new EngineFatalException(
                $"The topic {settings.ActionsTopic} at {settings.BootstrapServers} has {actions} partitions, {settings.ClicksTopic} has {clicks}: " +
                "an action goes to the partition its clicks came from, so both need the same number. " +
                $"Name another topic in Kafka:ActionsTopic and run: streamengine topics create --partitions {clicks}");
        }

        return new TopicLayout(clicks, dead);
    }

    internal static int PartitionsOf(KafkaSettings settings, string topic, TimeSpan wait) => Count(Ask(settings, wait), settings, topic);

    /// <summary>All topics, because asking for one by name makes brokers with automatic creation create it.</summary>
    private static Dictionary<string, TopicMetadata> Ask(KafkaSettings settings, TimeSpan wait)
    {
        string? lastError = null;
        var admin = AdminConnection.Open(settings, error => lastError = error.Reason);
        try
        {
            return admin.GetMetadata(wait).Topics.ToDictionary(topic => topic.Topic, StringComparer.Ordinal);
        }
        catch (KafkaException e)
        {
            throw new EngineFatalException(
                $"No Kafka broker answered at {settings.BootstrapServers} within {wait.TotalSeconds:0.#} s ({lastError ?? e.Error.Reason}). " +
                "Start it, or correct Kafka:BootstrapServers.", e);
        }
        finally
        {
            // Closing takes the client 0.2 s, for which a start need not wait.
            _ = Task.Run(admin.Dispose);
        }
    }

    private static int Count(Dictionary<string, TopicMetadata> topics, KafkaSettings settings, string topic)
    {
        if (!topics.TryGetValue(topic, out var found) || found.Error.Code == ErrorCode.UnknownTopicOrPart)
            throw new EngineFatalException($"The topic {topic} does not exist at {settings.BootstrapServers}. Create it: streamengine topics create");
        if (found.Partitions.Count == 0)
            throw new EngineFatalException($"The topic {topic} at {settings.BootstrapServers} cannot be used: {found.Error.Reason} ({found.Error.Code})");
        return found.Partitions.Count;
    }
}
