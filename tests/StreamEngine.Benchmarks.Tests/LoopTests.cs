using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Throughput;
using StreamEngine.Host.Demo;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Native;
using StreamEngine.Kafka.Topics;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Tests;

/// <summary>The yardsticks on a real broker: whoever is compared with must have done the work.</summary>
public sealed class LoopTests
{
    private const int Partitions = 4;

    [Fact]
    public void Every_loop_finds_the_clicks_that_were_generated_and_says_where_they_are_not_those_expected()
    {
        using var broker = RealBroker.TryStart(out var reason);
        if (broker is null)
        {
            Assert.Skip(reason);
        }
        NativeClient.Load();
        var name = string.Create(CultureInfo.InvariantCulture, $"loops.{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds():x}");
        var kafka = new KafkaSettings { BootstrapServers = broker.Address, ClicksTopic = name, ActionsTopic = name + ".actions", DeadTopic = name + ".dead", GroupId = name };
        TopicCreation.Run(kafka, new TopicPlan(Partitions, ProducersTime: true), TimeSpan.FromSeconds(30));
        var expected = Generate(kafka);

        Check(BareLoop.Run, Loop.Bare);
        Check(StandardLoop.Run, Loop.Standard);
        Assert.SkipUnless(JavaLoop.IsThere(out reason), "All but the Java loop were tested: " + reason);
        Check(JavaLoop.Run, Loop.Java);

        void Check(Func<Contender, KafkaSettings, ResultCheck, RunFigures> run, Loop loop)
        {
            var right = run(new Contender(loop, 2, 0.5), kafka, new ResultCheck(expected));
            Assert.Empty(right.Mistakes);
            Assert.Equal(expected.Records, right.Clicks);
            Assert.True(right is { Seconds: > 0, CpuSeconds: > 0, AllocatedBytes: > 0, PeakMemoryBytes: > 0 }, right.ToString());
            Assert.Equal(
                ["visitors: " + Digits(expected.Visitors + Partitions) + " instead of " + Digits(expected.Visitors + Partitions + 1)],
                run(new Contender(loop, 1, 0.5), kafka, new ResultCheck(expected with { Visitors = expected.Visitors + 1 })).Mistakes);
        }

        static string Digits(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_ratio_to_a_loop_that_was_not_there_or_was_wrong_is_none()
    {
        var engine = Runs(Loop.Sqlite, 100);
        Assert.Equal(0.5, ThroughputTable.RatioTo(Loop.Java, [engine, Runs(Loop.Java, 200)], engine));
        Assert.Equal(double.NaN, ThroughputTable.RatioTo(Loop.Java, [engine], engine));
        Assert.Equal(double.NaN, ThroughputTable.RatioTo(Loop.Java, [engine, Runs(Loop.Java, 200, "clicks: 1 instead of 2")], engine));
    }

    private static ExpectedFigures Generate(KafkaSettings kafka)
    {
        var options = new ShopperOptions { CartShare = 0.5, Shoppers = 300 };
        var stream = new ShopperStream(options, new PartitionMap(Partitions, static key => Murmur2.Partition(key, Partitions)));
        using var feed = new ShopperFeed(stream, new ClickProducer(kafka, TimeProvider.System, NullLogger<ClickProducer>.Instance), clock: null);
        feed.Run(CancellationToken.None);
        return stream.ExpectedFigures();
    }

    private static ContenderRuns Runs(Loop loop, double clicksPerSecond, params string[] mistakes) => new(new Contender(loop, 2, 1), [new RunFigures
    {
        Clicks = 1_000,
        Seconds = 1_000 / clicksPerSecond,
        CpuSeconds = 1,
        AllocatedBytes = 1,
        GcPauseMs = 1,
        Collections = [1, 1, 1],
        PeakMemoryBytes = 1,
        WrittenBytes = 1,
        Mistakes = mistakes,
    }]);
}
