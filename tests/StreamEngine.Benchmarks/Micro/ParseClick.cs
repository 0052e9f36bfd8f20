using BenchmarkDotNet.Attributes;
using StreamEngine.Carts.Clicks;
using StreamEngine.Host.Shoppers;

namespace StreamEngine.Benchmarks.Micro;

/// <summary>A record of the generator becomes a click; all kinds in the mix of a shop.</summary>
public class ParseClick
{
    private const int Records = 4_096;

    private readonly ClickParser _parser = new(new ClickOptions());
    private readonly List<(byte[] Key, byte[] Value, long TimeMs)> _records = [];

    [GlobalSetup]
    public void Generate()
    {
        using var stream = new ShopperStream(new ShopperOptions { Shoppers = null });
        while (_records.Count < Records && stream.TryNext(out var click))
        {
            _records.Add((click.Key, click.Value.ToArray(), click.TimeMs));
        }
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public int Parse()
    {
        var parsed = 0;
        foreach (var (key, value, timeMs) in _records)
        {
            parsed += _parser.Parse(key, value, timeMs) == ParseOutcome.Click ? 1 : 0;
        }
        return parsed == Records ? parsed : throw new InvalidOperationException($"Only {parsed} of {Records} records could be read.");
    }
}
