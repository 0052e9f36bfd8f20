using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Host.Demo;
using StreamEngine.Host.Shoppers;
using StreamEngine.Kafka;
using StreamEngine.Kafka.Topics;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>
/// A topic of generated shoppers, and a file with what is to be found in it. The file lies in the user's cache folder; on a broker that stays (KAFKA_BOOTSTRAP)
/// both are used again, on one that ends with the bench the topic is generated anew, by the same seed.
/// </summary>
public sealed record BenchTopic(KafkaSettings Kafka, string ExpectedPath, double CartShare)
{
    public const int Partitions = 8;
    private const int SampleShoppers = 2_000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    /// <param name="clicks">About so many.</param>
    public static BenchTopic Prepare(string bootstrap, long clicks, double cartShare, Action<string> say)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench.clicks.{clicks}.carts{cartShare * 100:0}");
        var kafka = new KafkaSettings { BootstrapServers = bootstrap, ClicksTopic = name, ActionsTopic = name + ".actions", DeadTopic = name + ".dead" };
        var path = Path.Combine(CacheFolder(), name + ".json");
        var isNew = TopicCreation.Run(kafka, new TopicPlan(Partitions, ProducersTime: true), Wait).First().Created;
        // The partitions of a topic that was just made have no leader for a moment; they are empty.
        var found = isNew ? 0 : LogEnds.Ask(kafka, Partitions, Wait).Sum();
        if (!isNew && File.Exists(path) && ExpectedFigures.FromJson(File.ReadAllText(path)).Records == found)
        {
            return new BenchTopic(kafka, path, cartShare);
        }
        if (found > 0)
        {
            throw new InvalidOperationException($"The topic {name} at {bootstrap} holds {found:N0} records that are not those of {path}. Delete the topic and start again.");
        }
        say(string.Create(CultureInfo.InvariantCulture, $"Generating {clicks:N0} clicks, {cartShare:P0} of the visitors with a cart ..."));
        Generate(kafka, clicks, cartShare, path);
        return new BenchTopic(kafka, path, cartShare);
    }

    private static void Generate(KafkaSettings kafka, long clicks, double cartShare, string path)
    {
        var options = new ShopperOptions { CartShare = cartShare };
        var shoppers = Math.Max(1, (long)(clicks / ClicksPerShopper(options)));
        var stream = new ShopperStream(options with { Shoppers = shoppers }, new PartitionMap(Partitions, key => Murmur2.Partition(key, Partitions)));
        using var feed = new ShopperFeed(stream, new ClickProducer(kafka, TimeProvider.System, NullLogger<ClickProducer>.Instance), clock: null);
        feed.Run(CancellationToken.None);
        File.WriteAllText(path, stream.ExpectedFigures().ToJson());
    }

    private static double ClicksPerShopper(ShopperOptions options)
    {
        using var stream = new ShopperStream(options with { Shoppers = SampleShoppers });
        var clicks = 0L;
        while (stream.TryNext(out _))
        {
            clicks++;
        }
        return (double)clicks / SampleShoppers;
    }

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Directory.CreateDirectory(Path.Combine(cache, "streamengine-bench")).FullName;
    }
}
