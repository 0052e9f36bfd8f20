using System.Globalization;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>For how long a shard stood still: from the signal to its owner until the first commit of it by another node.</summary>
internal static class HandOver
{
    /// <summary>One a shard and departure, ms, sorted.</summary>
    public static IReadOnlyList<long> GapsMs(IReadOnlyList<ShardChange> changes, IEnumerable<Departure> departures)
    {
        var shards = changes.GroupBy(static change => change.Shard).Select(static shard => shard.ToList()).ToList();
        return [.. departures.SelectMany(departure => shards.Select(shard => GapMs(shard, departure))).OfType<long>().Order()];
    }

    /// <summary>Null where the node did not have the shard.</summary>
    private static long? GapMs(List<ShardChange> changes, Departure departure)
    {
        var owner = changes.FindLastIndex(change => change.AtMs <= departure.AtMs);
        if (owner < 0 || IsByAnother(changes[owner], departure.Node))
        {
            return null;
        }
        var next = changes.FindIndex(owner + 1, change => change.IsCommit && IsByAnother(change, departure.Node));
        return next < 0 ? null : changes[next].AtMs - departure.AtMs;

        static bool IsByAnother(ShardChange change, string node) => !string.Equals(change.Writer, node, StringComparison.Ordinal);
    }

    public static string Describe(IReadOnlyList<long> gapsMs) => gapsMs.Count == 0
        ? "none"
        : string.Create(CultureInfo.InvariantCulture, $"{gapsMs.Count} shards, p50 {Percentile(gapsMs, 0.50) / 1000.0:0.00} s, p99 {Percentile(gapsMs, 0.99) / 1000.0:0.00} s");

    private static long Percentile(IReadOnlyList<long> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(sorted.Count * share))];
}
