using Xunit;

namespace StreamEngine.Host.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("30m", 1_800_000)]
    [InlineData("5 min", 300_000)]
    [InlineData("00:30:00", 1_800_000)]
    [InlineData("1.02:00:00", 93_600_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData(" 1 Hour 30 Minutes ", 5_400_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("7 days", 604_800_000)]
    [InlineData("2w", 1_209_600_000)]
    [InlineData("250ms", 250)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    public void What_people_write_is_understood(string text, long ms)
    {
        Assert.True(Duration.TryParse(text, out var value));
        Assert.Equal(ms, (long)value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("30")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("-00:30:00")]
    [InlineData("00:30")]
    [InlineData("24:00:00")]
    [InlineData("1e3m")]
    [InlineData("1..5h")]
    [InlineData("5 fortnights")]
    [InlineData("0.5ms")]
    [InlineData("30m later")]
    [InlineData("99999999999999999999999999999999d")]
    [InlineData("36525d 1ms")]
    public void What_could_be_misread_is_refused(string text)
    {
        Assert.False(Duration.TryParse(text, out _));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var value = TimeSpan.FromMilliseconds(random.NextInt64(0, 100L * 86_400_000) >> random.Next(36));
            Assert.True(Duration.TryParse(Duration.Format(value), out var back));
            Assert.Equal(value, back);
        }
    }

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("256 KB", 262_144)]
    [InlineData("8MiB", 8_388_608)]
    [InlineData("1 g", 1_073_741_824)]
    [InlineData("0", 0)]
    public void Sizes_are_understood_and_written_back(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var value));
        Assert.Equal(bytes, value);
        Assert.True(ByteSize.TryParse(ByteSize.Format(value), out var back));
        Assert.Equal(value, back);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1")]
    [InlineData("1.5 MB")]
    [InlineData("8 TB")]
    [InlineData("99999999999 GB")]
    public void Sizes_that_make_no_sense_are_refused(string text)
    {
        Assert.False(ByteSize.TryParse(text, out _));
    }
}
