using StreamEngine.Host.Nodes;
using Xunit;

namespace StreamEngine.Host.Tests;

public sealed class FirstCollectionTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(24 * 1024, 192)]
    [InlineData(1536, 192)]
    [InlineData(768, 96)]
    public void Waits_for_192_MiB_or_for_an_eighth_of_the_memory_where_that_is_less(long availableMiB, long expectedMiB) =>
        Assert.Equal(expectedMiB * MiB, FirstCollection.BytesFor(availableMiB * MiB));
}
