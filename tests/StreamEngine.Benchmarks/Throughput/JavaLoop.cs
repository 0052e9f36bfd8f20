using System.Text.Json;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Kafka;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>
/// The bare loop of the Java platform's own parts, beside which Kafka Streams and Flink were measured: <c>JavaLoop.java</c>, compiled when it is started, with
/// the client and the parser that lie beside the broker.
/// </summary>
public static class JavaLoop
{
    private const string Source = "JavaLoop.java";

    /// <param name="reason">What is missing, in one line.</param>
    public static bool IsThere(out string reason)
    {
        reason = RealBroker.FindLibs() is null ? "Kafka's client is not here: set KAFKA_HOME to an unpacked Kafka, or put one at ../shared/kafka"
            : !RealBroker.IsOnPath("javac") ? "no Java compiler (17 or newer) is on PATH: apt-get install openjdk-17-jdk-headless"
            : "";
        return reason.Length == 0;
    }

    /// <exception cref="InvalidOperationException">It is not there, or printed no figures.</exception>
    public static RunFigures Run(Contender contender, KafkaSettings kafka, ResultCheck check)
    {
        if (!IsThere(out var reason))
        {
            throw new InvalidOperationException(reason);
        }
        using var java = ChildProcess.Start("java", [
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", $"{RealBroker.FindLibs()}/*", Path.Combine(AppContext.BaseDirectory, Source),
            kafka.BootstrapServers, kafka.ClicksTopic, $"{contender.Workers}"]);
        var ended = java.WaitForExit(ThroughputRunCommand.RunMax);
        if (!ended || java.Lines.FirstOrDefault(static line => line.StartsWith(ThroughputRunCommand.Mark, StringComparison.Ordinal)) is not { } line)
        {
            throw new InvalidOperationException($"{Source} printed no figures. Its last lines:\n{string.Join('\n', java.Lines.TakeLast(20))}");
        }
        var found = JsonSerializer.Deserialize<Found>(line.AsSpan(ThroughputRunCommand.Mark.Length)) ?? throw new JsonException("null instead of figures");
        check.Equal("clicks", found.Total, found.Clicks);
        check.Bare(found.Visitors, ResultCheck.ByKind(found.Events), found.Partitions);
        return new RunFigures
        {
            Clicks = found.Clicks,
            Seconds = found.Seconds,
            CpuSeconds = found.CpuSeconds,
            AllocatedBytes = found.AllocatedBytes,
            GcPauseMs = found.GcPauseMs,
            Collections = [found.Collections, 0, 0],
            PeakMemoryBytes = found.PeakMemoryBytes,
            WrittenBytes = 0,
            Mistakes = check.Mistakes,
        };
    }

    /// <summary>What the program prints.</summary>
    private sealed record Found(
        long Clicks, long Total, int Partitions, double Seconds, double CpuSeconds, long AllocatedBytes, double GcPauseMs, int Collections, long PeakMemoryBytes, long Visitors,
        IReadOnlyDictionary<string, long> Events);
}
