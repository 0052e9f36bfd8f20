using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tests.Clickstreams;

namespace StreamEngine.Host.Tests.Shoppers;

/// <summary>A whole generated stream in memory, with what it says of itself.</summary>
internal sealed record Played(List<ReadClick> Clicks, ExpectedFigures Figures, long Bytes)
{
    public static Played From(ShopperOptions options, PartitionMap? partitions = null)
    {
        using var stream = new ShopperStream(options, partitions);
        var clicks = new List<ReadClick>();
        long bytes = 0;
        while (stream.TryNext(out var click))
        {
            clicks.Add(ReadClick.Of(click));
            bytes += click.Value.Length;
        }
        return new Played(clicks, stream.ExpectedFigures(), bytes);
    }

    public IEnumerable<List<ReadClick>> ByVisitor() =>
        Clicks.Where(click => !click.Key.StartsWith("tick-", StringComparison.Ordinal)).GroupBy(click => click.Key, StringComparer.Ordinal).Select(group => group.ToList());
}
