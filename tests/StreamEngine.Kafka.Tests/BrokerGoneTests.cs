using Microsoft.Extensions.Logging;
using StreamEngine.Kafka.Sources;

namespace StreamEngine.Kafka.Tests;

/// <summary>A broker that went away for good.</summary>
public sealed class BrokerGoneTests
{
    [Fact]
    public void Reading_goes_on_quietly_and_closing_ends_in_time()
    {
        using var cluster = new EmbeddedCluster();
        var settings = cluster.NewTopics(1);
        Clicks.Produce(settings, partitions: 1, from: 0, count: 3);
        var member = new Member(settings);
        member.PollUntil(() => member.Clicks.Count >= 3);
        member.Source.ReportCommitted(0, 3);

        cluster.Broker.Dispose();
        member.PollFor(TestTime.Quiet);
        Assert.Equal(-1, member.Source.QueryLogEnd(0, TimeSpan.FromMilliseconds(100)));

        var start = TestTime.Now;
        member.Dispose();
        member.Dispose();
        Assert.True(TestTime.Since(start) < TimeSpan.FromSeconds(8), $"closing took {TestTime.Since(start)}");
        Assert.Equal("assigned 0", Assert.Single(member.Calls));
    }

    [Fact]
    public void The_same_trouble_is_logged_once()
    {
        var log = new WarningCount();
        using var source = new KafkaClickSource(new KafkaSettings { BootstrapServers = "127.0.0.1:1" }, TimeProvider.System, log);
        var start = TestTime.Now;
        while (TestTime.Since(start) < TimeSpan.FromSeconds(3))
            Assert.False(source.TryRead(TimeSpan.FromMilliseconds(50), out _));
        Assert.NotEmpty(log.Warnings);
        Assert.DoesNotContain(log.Warnings.GroupBy(warning => warning, StringComparer.Ordinal), same => same.Count() > 1);
        Assert.All(log.Warnings, warning => Assert.Contains("127.0.0.1:1", warning, StringComparison.Ordinal));
    }

    private sealed class WarningCount : ILogger<KafkaClickSource>
    {
        private readonly List<string> _warnings = [];

        public List<string> Warnings
        {
            get
            {
                lock (_warnings)
                    return [.. _warnings];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel < LogLevel.Warning)
                return;
            lock (_warnings)
                _warnings.Add(formatter(state, exception));
        }
    }
}
