using System.Globalization;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Benchmarks.Throughput;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Benchmarks.Latency;

/// <summary>Who answers.</summary>
public enum Answerer
{
    Echo,
    Engine,
}

/// <summary>One answerer in a process of its own, on topics of its own, from its start until the last answer came.</summary>
public sealed class LatencyRun : IDisposable
{
    private static readonly TimeSpan TopicWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(60);

    private readonly VisitPlan _visits = new(LatencyPlan.Places, LatencyPlan.ClicksPerVisit);
    private readonly ChildProcess _answerer;
    private readonly AnswerTimes _answers;
    private readonly LoadSender _sender;

    public LatencyRun(Answerer who, LatencyPlan plan, SampleClicks samples, string broker, string folder)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"latency.{who}.{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}");
        var kafka = new KafkaSettings
        {
            BootstrapServers = broker,
            ClicksTopic = id + ".clicks",
            ActionsTopic = id + ".actions",
            DeadTopic = id + ".dead",
            GroupId = id,
            Client = new Dictionary<string, string>(StringComparer.Ordinal) { ["linger.ms"] = "1" },
        };
        TopicCreation.Run(kafka, new TopicPlan(LatencyPlan.Partitions), TopicWait);
        _answers = new AnswerTimes(_visits, kafka);
        _sender = new LoadSender(_visits, samples, kafka);
        _answerer = who == Answerer.Engine
            ? EngineProcess.Start(kafka, folder, string.Create(CultureInfo.InvariantCulture, $"Engine:Workers={plan.Workers}"))
            : ChildProcess.Start(Environment.ProcessPath!, [typeof(LatencyRun).Assembly.Location, EchoCommand.Name, "--kafka", ThroughputRunCommand.Write(kafka)]);
    }

    /// <summary>Compilers and caches; what follows is measured.</summary>
    public void WarmUp() => Flood(LatencyPlan.FloodWarmUp);

    /// <summary>Clicks a second when they come as fast as they are answered.</summary>
    public double FindHighestLoad()
    {
        WarmUp();
        var (answered, start) = (_answers.Count, TimeProvider.System.GetTimestamp());
        Flood(LatencyPlan.FloodMeasured);
        return (_answers.Count - answered) * _visits.ClicksPerVisit / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Plays one load to its last answer.</summary>
    public Latencies Measure(double rate, int seconds)
    {
        var part = new LoadPart(_sender.Sent, (long)(rate * seconds), rate, (long)(rate * LatencyPlan.WarmUpSeconds));
        _answers.Watch(part);
        _sender.Play(part);
        AwaitAnswers();
        return part.Latencies;
    }

    public void Dispose()
    {
        _answerer.Dispose();
        _sender.Dispose();
        _answers.Dispose();
    }

    private void Flood(TimeSpan duration)
    {
        _sender.Flood(duration, () => _answers.Count, LatencyPlan.UnansweredMax);
        AwaitAnswers();
    }

    /// <exception cref="InvalidOperationException">Answers are missing: the run has no figures.</exception>
    private void AwaitAnswers()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (_answers.Count < _sender.Asked)
        {
            if (_answerer.HasExited || TimeProvider.System.GetElapsedTime(start) > AnswerWait)
            {
                throw new InvalidOperationException(
                    $"{_sender.Asked - _answers.Count:N0} of {_sender.Asked:N0} answers did not come. The last lines of who should have answered:\n{string.Join('\n', _answerer.Lines.TakeLast(10))}");
            }
            _sender.Wait();
        }
    }
}
