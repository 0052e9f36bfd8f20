using StreamEngine.TestKit;

namespace StreamEngine.Engine.Tests.Hostile;

/// <summary>Records and keys of any size: their letters always fit through the broker, and few of them are in memory. Measured on the whole heap.</summary>
[CollectionDefinition(nameof(HugeRecordTests), DisableParallelization = true)]
[Collection(nameof(HugeRecordTests))]
public sealed class HugeRecordTests(ITestOutputHelper output)
{
    /// <summary>What a broker takes with its default settings (max.message.bytes), headers included.</summary>
    private const int BrokerBytesMax = 1_048_588;

    [Theory]
    [InlineData(64 * 1024, 10, 256 * 1024)]
    [InlineData(64 * 1024, 8_000_000, 256 * 1024)]
    [InlineData(64 * 1024, 8_000_000, 64_000_000)]
    [InlineData(8_000_000, 10, 256 * 1024)]
    [InlineData(8_000_000, 8_000_000, 64_000_000)]
    [InlineData(0, 16_000_000, 64_000_000)]
    public void A_letter_of_any_record_fits_through_a_broker_with_default_settings(int keyBytes, int valueBytes, int recordBytesMax)
    {
        using var driver = new ShardDriver(new DriverOptions { Clicks = new() { RecordBytesMax = recordBytesMax } });
        driver.Topic.Append(0, new byte[keyBytes], new byte[valueBytes], driver.Time.NowMs);
        driver.Settle();
        var letter = Assert.Single(driver.Dead);
        var bytes = letter.Key.Length + letter.Value.Length + letter.Headers.Sum(static h => h.Key.Length + h.Value.Bytes.Length + 10);
        Assert.InRange(bytes, 1, BrokerBytesMax - 10_000);
        Assert.Equal("0", HostileShop.Header(letter, "offset"));
        if (letter.Value.Length < valueBytes)
        {
            Assert.Equal($"{valueBytes}", HostileShop.Header(letter, "cut_from_bytes"));
        }
        if (letter.Key.Length < keyBytes)
        {
            Assert.Equal($"{keyBytes}", HostileShop.Header(letter, "key_cut_from_bytes"));
        }
    }

    [Fact]
    public void What_could_be_mended_and_sent_again_is_kept_whole()
    {
        using var driver = new ShardDriver();
        var value = new byte[256 * 1024];
        driver.Feed("ann", value);
        driver.Settle();
        Assert.Equal(value, Assert.Single(driver.Dead).Value);
    }

    [Fact]
    public void A_flood_of_megabytes_stays_within_the_bound_while_the_broker_takes_nothing()
    {
        const long BytesMax = 4 * 1024 * 1024;
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { SettleMs = 0, DeadLetterBytesMax = BytesMax }, Clicks = new() { RecordBytesMax = 4_000_000 } });
        driver.Settle();
        driver.Outlet.OutstandingMax = 0;
        var value = new byte[1_000_000];
        for (var i = 0; i < 2_000; i++)
        {
            driver.Feed("ann", value);
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        driver.Advance(10_000);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{bytes / 1e6:F1} MB after {driver.Source.Records} records");
        Assert.True(driver.Source.IsPaused(0));
        Assert.InRange(bytes, 1_000_000, BytesMax + 2_000_000);
        driver.Outlet.OutstandingMax = int.MaxValue;
        driver.Advance(60_000, stepMs: 100);
        Assert.Equal(2_000, driver.Dead.Count);
        Assert.Equal(2_000, driver.Store.Seen[^1].NextOffset);
    }

    [Fact]
    public void The_keys_of_dead_letters_count_for_the_bound_too()
    {
        using var driver = new ShardDriver(new DriverOptions { Engine = new EngineOptions { SettleMs = 0, DeadLetterBytesMax = 640 * 1024 } });
        driver.Outlet.OutstandingMax = 0;
        for (var i = 0; i < 100; i++)
        {
            driver.Topic.Append(0, new byte[64 * 1024], [], driver.Time.NowMs);
        }
        driver.Advance(10_000);
        Assert.True(driver.Source.IsPaused(0));
        Assert.InRange(driver.Source.Records, 9, 11);
    }
}
