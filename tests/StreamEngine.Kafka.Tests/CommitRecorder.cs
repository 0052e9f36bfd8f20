using System.Reflection;
using Confluent.Kafka;

namespace StreamEngine.Kafka.Tests;

/// <summary>A consumer that only takes positions: as the test says, at once or with an error. Every other call is a mistake of the test.</summary>
public class CommitRecorder : DispatchProxy
{
    public List<IReadOnlyList<TopicPartitionOffset>> Commits { get; } = [];

    /// <summary>Called within each commit; what it throws is the commit's error.</summary>
    public Action Within { get; set; } = static () => { };

    public static (IConsumer<byte[], byte[]> Consumer, CommitRecorder Recorder) New()
    {
        var consumer = Create<IConsumer<byte[], byte[]>, CommitRecorder>();
        return (consumer, (CommitRecorder)(object)consumer);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (args is not [IEnumerable<TopicPartitionOffset> offsets] || targetMethod?.Name is not "Commit")
        {
            throw new InvalidOperationException($"{targetMethod?.Name} is not expected.");
        }
        Commits.Add([.. offsets]);
        Within();
        return null;
    }
}
