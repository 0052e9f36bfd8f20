using System.CommandLine;
using System.Text.Json;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Native;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>One run in a process of its own, started by <see cref="ThroughputCommand"/>: no run inherits a warm compiler, a large heap or a page cache of its own files.</summary>
public static class ThroughputRunCommand
{
    public const string Name = "throughput-run";

    /// <summary>The line that holds the figures begins with it.</summary>
    public const string Mark = "figures: ";

    public static readonly TimeSpan RunMax = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var contender = new Option<string>("--contender") { Required = true };
        var kafka = new Option<string>("--kafka") { Required = true };
        var expected = new Option<string>("--expected") { Required = true };
        var database = new Option<string>("--database") { Required = true };
        var tactics = new Option<BenchTactics>("--tactics");
        var command = new Command(Name, "One run of the throughput measurement.") { contender, tactics, kafka, expected, database };
        command.Hidden = true;
        command.SetAction(args => Run(
            Read<Contender>(args.GetValue(contender)!), args.GetValue(tactics), Read<KafkaSettings>(args.GetValue(kafka)!), args.GetValue(expected)!, args.GetValue(database)!));
        return command;
    }

    public static string Write<T>(T value) => JsonSerializer.Serialize(value);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json) ?? throw new JsonException($"null instead of {typeof(T).Name}");

    /// <summary>Starts a run of this or another command in a process of its own, and waits for its figures.</summary>
    /// <exception cref="InvalidOperationException">It did not end well.</exception>
    public static RunFigures Start(string what, params IEnumerable<string> arguments)
    {
        using var child = ChildProcess.Start(Environment.ProcessPath!, arguments.Prepend(typeof(ThroughputRunCommand).Assembly.Location));
        var ended = child.WaitForExit(RunMax);
        var line = child.Lines.FirstOrDefault(static line => line.StartsWith(Mark, StringComparison.Ordinal));
        return ended && line is not null
            ? Read<RunFigures>(line[Mark.Length..])
            : throw new InvalidOperationException($"{what}: no figures. Its last lines:\n{string.Join('\n', child.Lines.TakeLast(20))}");
    }

    private static int Run(Contender contender, BenchTactics tactics, KafkaSettings kafka, string expectedPath, string database)
    {
        NativeClient.Load();
        TopicCreation.Run(kafka, new TopicPlan(TopicPartitions(kafka), ProducersTime: true), Wait);
        var check = new ResultCheck(ExpectedFigures.FromJson(File.ReadAllText(expectedPath)));
        var figures = contender.Loop switch
        {
            Loop.Bare => BareLoop.Run(contender, kafka, check),
            Loop.Standard => StandardLoop.Run(contender, kafka, check),
            Loop.Java => JavaLoop.Run(contender, kafka, check),
            _ => EngineLoop.Run(contender, tactics, kafka, database, check),
        };
        Console.Out.WriteLine(Mark + Write(figures));
        return 0;
    }

    /// <summary>The clicks topic is there; actions and dead letters get topics of this run with as many partitions.</summary>
    private static int TopicPartitions(KafkaSettings kafka) =>
        TopicCheck.Run(kafka with { ActionsTopic = kafka.ClicksTopic, DeadTopic = kafka.ClicksTopic }, Wait).ClicksPartitions;
}
