using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace StreamEngine.Kafka.Tests;

/// <summary>Writes numbered clicks.</summary>
internal static class Clicks
{
    public const long FirstTimeMs = 1_700_000_000_000;

    /// <summary>To each of the partitions: values from, from + 1, ..., a second apart.</summary>
    public static void Produce(KafkaSettings settings, int partitions, int from, int count)
    {
        using var producer = new ClickProducer(settings, TimeProvider.System, NullLogger<ClickProducer>.Instance);
        for (var number = from; number < from + count; number++)
        {
            for (var partition = 0; partition < partitions; partition++)
                Assert.True(producer.TryProduceTo(partition, Bytes($"key-{partition}"), Bytes(Text(number)), FirstTimeMs + number * 1000L));
        }

        Assert.True(producer.Flush(TestTime.Max));
        Assert.Equal((long)partitions * count, producer.Produced);
        Assert.Equal(0, producer.Failed);
    }

    /// <summary>Many, to one partition.</summary>
    public static void ProduceTo(KafkaSettings settings, int partition, int from, int count)
    {
        using var producer = new ClickProducer(settings, TimeProvider.System, NullLogger<ClickProducer>.Instance);
        for (var number = from; number < from + count; number++)
        {
            while (!producer.TryProduceTo(partition, Bytes($"key-{partition}"), Bytes(Text(number)), FirstTimeMs + number * 1000L))
                producer.WaitForRoom(TestTime.Max);
        }

        Assert.True(producer.Flush(TestTime.Max));
        Assert.Equal(((long)count, 0L), (producer.Produced, producer.Failed));
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<long> Offsets(int from, int count) => Enumerable.Range(from, count).Select(offset => (long)offset);
}
