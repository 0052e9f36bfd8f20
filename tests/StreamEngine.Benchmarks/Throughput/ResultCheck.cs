using System.Globalization;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Carts.Actions;
using StreamEngine.Carts.Clicks;
using StreamEngine.Host.Shoppers;

namespace StreamEngine.Benchmarks.Throughput;

/// <summary>Compares what a run found with what the generator planned.</summary>
public sealed class ResultCheck(ExpectedFigures expected)
{
    private readonly List<string> _mistakes = [];

    public IReadOnlyList<string> Mistakes => _mistakes;

    public void Equal(string what, long planned, long found)
    {
        if (planned != found)
        {
            _mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {found:N0} instead of {planned:N0}"));
        }
    }

    /// <summary>Counts by the event's name, or by its type where it is no "track", as counts by kind.</summary>
    public static long[] ByKind(IEnumerable<KeyValuePair<string, long>> events)
    {
        var kinds = new long[Enum.GetValues<ClickKind>().Length];
        foreach (var (name, count) in events)
        {
            kinds[(int)Enum.Parse<ClickKind>(name.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true)] += count;
        }
        return kinds;
    }

    public void Bare(long visitors, IReadOnlyList<long> kinds, int partitions)
    {
        // The visitors who keep every partition's time going are one a partition.
        Equal("visitors", expected.Visitors + (expected.Ticks > 0 ? partitions : 0), visitors);
        foreach (var kind in Enum.GetValues<ClickKind>())
        {
            Equal($"clicks of kind {kind}", expected.RecordsByKind.GetValueOrDefault(kind.ToString()), kinds[(int)kind]);
        }
    }

    public void Engine(MeteredStore store, long clicks, long published)
    {
        Equal("clicks", expected.Records, clicks);
        Equal("orders", expected.Purchases, store.Kpi("orders"));
        Equal("carts abandoned", expected.CartsAbandoned, store.Kpi("carts_abandoned"));
        Equal("carts recovered", expected.CartsRecovered, store.Kpi("carts_recovered"));
        Equal("actions cart_abandoned", expected.CartsAbandoned, store.Kind(ActionDocument.WordOf(ActionKind.CartAbandoned)));
        Equal("actions cart_recovered", expected.CartsRecovered, store.Kind(ActionDocument.WordOf(ActionKind.CartRecovered)));
        foreach (var (currency, minor) in expected.AbandonedValueMinor)
        {
            Equal($"value abandoned, minor units of {currency}", minor, store.Kpi("value_abandoned", currency));
        }
        foreach (var (currency, minor) in expected.RecoveredValueMinor)
        {
            Equal($"value recovered, minor units of {currency}", minor, store.Kpi("value_recovered", currency));
        }
        Equal("actions published", store.Emitted, published);
        Equal("dead letters", 0, store.DeadLetters);
    }
}
