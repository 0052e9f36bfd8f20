using StreamEngine.Engine;
using StreamEngine.Kafka.Native;

namespace StreamEngine.Kafka.Tests;

public sealed class NativeClientTests
{
    [Fact]
    public void Loading_from_many_threads_gives_one_version()
    {
        var versions = new string[16];
        Parallel.For(0, versions.Length, index => versions[index] = NativeClient.Load());
        Assert.All(versions, version => Assert.Equal(versions[0], version));
        Assert.True(Version.Parse(versions[0].Split('-')[0]) >= new Version(1, 9), versions[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_missing_library_says_what_to_install(bool macOs)
    {
        var names = NativeClient.Names(macOs).Select(name => $"no-such-{Path.GetFileName(name)}").ToArray();
        var error = Assert.Throws<EngineFatalException>(() => NativeClient.Open(names));
        Assert.Contains(names[0], error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install librdkafka1", error.Message, StringComparison.Ordinal);
        Assert.Contains("dnf install librdkafka", error.Message, StringComparison.Ordinal);
        Assert.Contains("brew install librdkafka", error.Message, StringComparison.Ordinal);
    }
}
