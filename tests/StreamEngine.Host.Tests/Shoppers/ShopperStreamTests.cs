using System.Security.Cryptography;
using StreamEngine.Carts;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.Clickstreams;
using Xunit;

namespace StreamEngine.Host.Tests.Shoppers;

public sealed class ShopperStreamTests
{
    private static string HashOfFirst(int count, ShopperOptions options)
    {
        using var stream = new ShopperStream(options);
        return HashOf(stream, count);
    }

    private static string HashOf(ShopperStream stream, int count, int closeAfter = int.MaxValue)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < count && stream.TryNext(out var click); i++)
        {
            if (i == closeAfter)
            {
                stream.CloseDoors();
            }
            hash.AppendData(click.Key);
            hash.AppendData(click.Value.Span);
            hash.AppendData(BitConverter.GetBytes(click.TimeMs));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [Fact]
    public void The_first_thousand_records_of_a_seed_never_change() =>
        Assert.Equal("e2a92c0527fb1b3bcd00b1fc96cf9384600f47217d9cb1c46fa3f46a43a6c834", HashOfFirst(1_000, new ShopperOptions { Seed = 42, Shoppers = null }));

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_gives_others()
    {
        var options = new ShopperOptions { Seed = 7, Shoppers = 2_000, CartShare = 0.5, DuplicateShare = 0.05, LateShare = 0.05 };
        var hash = HashOfFirst(int.MaxValue, options);
        Assert.Equal(hash, HashOfFirst(int.MaxValue, options));
        Assert.NotEqual(hash, HashOfFirst(int.MaxValue, options with { Seed = 8 }), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(777)]
    [InlineData(5_000)]
    public void When_the_doors_close_the_stream_ends_as_one_of_so_many_shoppers(int clicks)
    {
        var options = new ShopperOptions { Seed = 9, Shoppers = null, CartShare = 0.5, DuplicateShare = 0.05, LateShare = 0.05 };
        var partitions = new PartitionMap(2, static key => key[^1] % 2);
        using var endless = new ShopperStream(options, partitions);
        var hash = HashOf(endless, int.MaxValue, clicks);
        using var finite = new ShopperStream(options with { Shoppers = endless.Visitors }, partitions);
        Assert.Equal(HashOf(finite, int.MaxValue), hash);
    }

    [Fact]
    public void Clicks_are_delivered_in_order_and_only_late_and_repeated_ones_are_older_than_their_visitors_last()
    {
        var played = Played.From(new ShopperOptions { Seed = 3, Shoppers = 3_000, CartShare = 0.3, DuplicateShare = 0.02, LateShare = 0.02 });
        Assert.True(played.Clicks.Zip(played.Clicks.Skip(1)).All(pair => pair.First.TimeMs <= pair.Second.TimeMs));

        long older = 0, repeated = 0;
        foreach (var clicks in played.ByVisitor())
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var newest = DateTimeOffset.MinValue;
            foreach (var click in clicks)
            {
                var isRepeated = !seen.Add(click.MessageId);
                repeated += isRepeated ? 1 : 0;
                older += !isRepeated && click.Timestamp < newest ? 1 : 0;
                newest = click.Timestamp > newest ? click.Timestamp : newest;
            }
        }
        Assert.True(repeated > 50 && older > 50, $"{repeated} repeated, {older} older");
        Assert.Equal((played.Figures.Duplicates, played.Figures.Late), (repeated, older));
    }

    [Fact]
    public void The_rate_holds_from_the_first_second_while_new_visitors_come()
    {
        using var stream = new ShopperStream(new ShopperOptions { Shoppers = null, ClicksPerSecond = 500, StartMs = 1_000_000 });
        var perSecond = new int[300];
        while (stream.TryNext(out var click) && click.TimeMs < 1_300_000)
        {
            perSecond[(click.TimeMs - 1_000_000) / 1000]++;
        }
        Assert.All(perSecond, count => Assert.InRange(count, 450, 550));
    }

    [Fact]
    public void Every_partition_gets_clicks_until_all_deadlines_are_due_and_never_stands_still_for_long()
    {
        var partitions = new PartitionMap(12, key => (int)(Hash64.Of(key) % 12));
        var options = new ShopperOptions { Shoppers = 50, RunOnMs = 60_000 };
        var played = Played.From(options, partitions);
        var closing = played.Clicks[^12..];
        Assert.All(closing, click => Assert.Equal(("page Home", played.Figures.EndMs), (click.Name, click.TimeMs)));
        Assert.Equal(Enumerable.Range(0, 12), closing.Select(Partition).Order());
        Assert.True(played.Figures.EndMs >= played.Clicks.Where(static click => !IsTick(click)).Max(static click => click.TimeMs) + played.Figures.IdleAfterMs + 60_000);
        Assert.Equal((played.Clicks.Count(IsTick), 50), ((int)played.Figures.Ticks, (int)played.Figures.Visitors));
        foreach (var times in played.Clicks.GroupBy(Partition, static click => click.TimeMs))
        {
            Assert.All(times.Prepend(options.StartMs).Zip(times), static pair => Assert.InRange(pair.Second - pair.First, -120_000, 20 * 60_000));
        }
        Assert.Equal(
            played.Clicks.Where(static click => !IsTick(click)).Select(static click => click.Message.GetRawText()),
            Played.From(options).Clicks.Select(static click => click.Message.GetRawText()),
            StringComparer.Ordinal);

        int Partition(ReadClick click) => partitions.PartitionOf(System.Text.Encoding.UTF8.GetBytes(click.Key));

        static bool IsTick(ReadClick click) => click.Key.StartsWith("tick-", StringComparison.Ordinal);
    }

    [Fact]
    public void A_partitioner_that_leaves_a_partition_out_is_named() =>
        Assert.Contains("partition 1 of 2", Assert.Throws<InvalidOperationException>(() => new ShopperStream(new ShopperOptions(), new PartitionMap(2, _ => 0))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_to_expect_is_not_said_before_the_end()
    {
        using var stream = new ShopperStream(new ShopperOptions { Shoppers = 5 });
        stream.TryNext(out _);
        Assert.Throws<InvalidOperationException>(() => stream.ExpectedFigures());
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Refused("CartShare is 1.5", new ShopperOptions { CartShare = 1.5 });
        Refused("CartShare is NaN", new ShopperOptions { CartShare = double.NaN });
        Refused("BuyShare and EmptyShare together", new ShopperOptions { BuyShare = 0.7, EmptyShare = 0.7 });
        Refused("ClicksPerSecond is 0", new ShopperOptions { ClicksPerSecond = 0 });
        Refused("Shoppers is 0", new ShopperOptions { Shoppers = 0 });
        Refused("RecoveredWithinMs is 1000", new ShopperOptions { Sessions = new() { RecoveredWithinMs = 1000 } });

        static void Refused(string because, ShopperOptions options) =>
            Assert.Contains(because, Assert.Throws<ArgumentException>(() => new ShopperStream(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_bounded_by_the_shoppers_in_the_shop()
    {
        using var stream = new ShopperStream(new ShopperOptions { Shoppers = null, ClicksPerSecond = 200 });
        Read(stream, 300_000);
        var before = stream.InShop;
        Read(stream, 300_000);
        Assert.InRange(before, 1_000, 20_000);
        Assert.InRange(stream.InShop, before / 2, before * 3 / 2);

        static void Read(ShopperStream stream, int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(stream.TryNext(out _));
            }
        }
    }
}
