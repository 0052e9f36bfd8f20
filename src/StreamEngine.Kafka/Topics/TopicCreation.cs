using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamEngine.Engine;
using StreamEngine.Kafka.Outlets;

namespace StreamEngine.Kafka.Topics;

/// <param name="Partitions">Of each topic. It is the number of shards, fixed for the life of the store.</param>
/// <param name="ReplicationFactor">Null for the broker's default.</param>
/// <param name="ProducersTime">
/// True where clicks keep their producers' timestamps (replays of the past); otherwise the broker stamps them, which never runs backwards.
/// </param>
public sealed record TopicPlan(int Partitions, short? ReplicationFactor = null, bool ProducersTime = false);

/// <param name="Created">False for a topic that was there before: it is left as it is.</param>
public sealed record TopicCreated(string Topic, int Partitions, bool Created);

/// <summary>Makes the topics that the engine needs.</summary>
public static class TopicCreation
{
    /// <exception cref="EngineFatalException">No broker answers, or it refuses.</exception>
    public static IReadOnlyList<TopicCreated> Run(KafkaSettings settings, TopicPlan plan, TimeSpan wait) => Create(settings, plan, Specify(settings, plan), wait);

    /// <summary>Only the clicks topic: for clicks that are prepared, and read by who has topics of his own for what becomes of them.</summary>
    /// <exception cref="EngineFatalException">No broker answers, or it refuses.</exception>
    public static TopicCreated RunClicks(KafkaSettings settings, TopicPlan plan, TimeSpan wait) => Create(settings, plan, Specify(settings, plan)[..1], wait)[0];

    private static List<TopicCreated> Create(KafkaSettings settings, TopicPlan plan, List<TopicSpecification> topics, TimeSpan wait)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(plan.Partitions, 1);
        string? lastError = null;
        using var admin = AdminConnection.Open(settings, error => lastError = error.Reason);
        var result = new List<TopicCreated>();
        try
        {
            admin.CreateTopicsAsync(topics, new CreateTopicsOptions { RequestTimeout = wait, OperationTimeout = wait }).GetAwaiter().GetResult();
            result.AddRange(topics.Select(topic => new TopicCreated(topic.Name, plan.Partitions, Created: true)));
        }
        catch (CreateTopicsException e)
        {
            foreach (var report in e.Results)
                result.Add(Explain(settings, plan, report, wait));
        }
        catch (KafkaException e)
        {
            throw new EngineFatalException(
                $"No Kafka broker at {settings.BootstrapServers} created topics within {wait.TotalSeconds:0.#} s ({lastError ?? e.Error.Reason}). " +
                "Start it, or correct Kafka:BootstrapServers.", e);
        }

        return result;
    }

    private static List<TopicSpecification> Specify(KafkaSettings settings, TopicPlan plan)
    {
        var largest = KafkaOutlet.MessageBytesMax.ToString(CultureInfo.InvariantCulture);
        var clicksTime = plan.ProducersTime ? "CreateTime" : "LogAppendTime";
        return
        [
            Topic(settings.ClicksTopic, ("message.timestamp.type", clicksTime)),
            Topic(settings.ActionsTopic),
            Topic(settings.DeadTopic, ("max.message.bytes", largest)),
        ];

        TopicSpecification Topic(string name, params ReadOnlySpan<(string Name, string Value)> configs)
        {
            var specification = new TopicSpecification
            {
                Name = name,
                NumPartitions = plan.Partitions,
                ReplicationFactor = plan.ReplicationFactor ?? -1,
                Configs = [],
            };
            foreach (var (key, value) in configs)
                specification.Configs[key] = value;
            return specification;
        }
    }

    private static TopicCreated Explain(KafkaSettings settings, TopicPlan plan, CreateTopicReport report, TimeSpan wait)
    {
        if (!report.Error.IsError)
            return new TopicCreated(report.Topic, plan.Partitions, Created: true);
        if (report.Error.Code == ErrorCode.TopicAlreadyExists)
            return new TopicCreated(report.Topic, TopicCheck.PartitionsOf(settings, report.Topic, wait), Created: false);
        throw new EngineFatalException(
            $"The broker at {settings.BootstrapServers} did not create the topic {report.Topic}: {report.Error.Reason} ({report.Error.Code})");
    }
}
