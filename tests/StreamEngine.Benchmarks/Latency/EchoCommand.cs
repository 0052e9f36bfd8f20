using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Throughput;
using StreamEngine.Engine.Outlets;
using StreamEngine.Engine.Sources;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Native;
using StreamEngine.Kafka.Outlets;
using StreamEngine.Kafka.Sources;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Benchmarks.Latency;

/// <summary>
/// The least that an answer can take: consume, and produce the click that asked to the actions topic. By the engine's own clients, without session, tactics and
/// commit. A process of its own that runs until it is killed.
/// </summary>
public sealed class EchoCommand : IShardAssignee
{
    public const string Name = "latency-echo";

    private const int ReadsMax = 2_048;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(1);

    private readonly KafkaClickSource _source;
    private readonly KafkaOutlet _outlet;

    private EchoCommand(KafkaSettings kafka)
    {
        _source = new KafkaClickSource(kafka, TimeProvider.System, NullLogger<KafkaClickSource>.Instance);
        _outlet = new KafkaOutlet(kafka, TopicCheck.Run(kafka, Wait), TimeProvider.System, NullLogger<KafkaOutlet>.Instance);
    }

    public static Command Create()
    {
        var kafka = new Option<string>("--kafka") { Required = true };
        var command = new Command(Name, "The echo loop of the latency measurement.") { kafka };
        command.Hidden = true;
        command.SetAction(args =>
        {
            NativeClient.Load();
            new EchoCommand(ThroughputRunCommand.Read<KafkaSettings>(args.GetValue(kafka)!)).Run();
        });
        return command;
    }

    public void OnAssigned(IReadOnlyList<int> shards)
    {
        foreach (var shard in shards)
        {
            _source.ReadFrom(shard, -1);
        }
    }

    public void OnRevoked(IReadOnlyList<int> shards)
    {
        // It is alone in its group, and ends with its process.
    }

    public void OnLost(IReadOnlyList<int> shards) => throw new InvalidOperationException("The broker took a partition away: this machine was too busy to measure anything.");

    public void OnEndReached(int shard, long offset)
    {
        // It answers records.
    }

    public void OnOffsetMissing(int shard, string found) => throw new InvalidOperationException($"Shard {shard}: {found}.");

    private void Run()
    {
        _source.Start(this);
        while (true)
        {
            for (var reads = 0; reads < ReadsMax && _source.TryRead(reads == 0 ? IdleWait : TimeSpan.Zero, out var record); reads++)
            {
                if (record.Value.IndexOf("Exit Intent Detected"u8) >= 0)
                {
                    Answer(record);
                }
            }
            TakeReceipts();
        }
    }

    private void Answer(in ClickRecord record)
    {
        var message = new OutgoingMessage(Destination.Actions, record.Shard, record.Offset, record.Key.ToArray(), record.Value.ToArray(), []);
        while (!_outlet.TrySend(message))
        {
            TakeReceipts();
        }
    }

    private void TakeReceipts()
    {
        while (_outlet.TryTakeReceipt(out var receipt))
        {
            if (receipt.Error is { } error)
            {
                throw new InvalidOperationException($"The echo could not be sent: {error}");
            }
        }
    }
}
