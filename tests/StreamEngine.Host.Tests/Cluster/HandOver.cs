using System.Globalization;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>For how long a shard stood still: from the signal to its owner until another node had it, and until that one's first commit.</summary>
internal static class HandOver
{
    public static string Describe(IReadOnlyList<ShardChange> changes, IEnumerable<Departure> departures)
    {
        var shards = changes.GroupBy(static change => change.Shard).Select(static shard => shard.ToList()).ToList();
        var gaps = departures.SelectMany(departure => shards.Select(shard => GapOf(shard, departure))).OfType<Gap>().ToList();
        return gaps.Count == 0
            ? "none"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{gaps.Count} shards; taken over after {Percentiles(gaps.Select(static gap => gap.TakenOverMs))}; first commit after {Percentiles(gaps.Select(static gap => gap.CommittedMs))}");
    }

    /// <summary>Null where the node did not have the shard.</summary>
    private static Gap? GapOf(List<ShardChange> changes, Departure departure)
    {
        var owner = changes.FindLastIndex(change => change.AtMs <= departure.AtMs);
        if (owner < 0 || IsByAnother(changes[owner]))
        {
            return null;
        }
        var takeOver = changes.FindIndex(owner + 1, IsByAnother);
        var commit = changes.FindIndex(owner + 1, change => change.IsCommit && IsByAnother(change));
        return commit < 0 ? null : new Gap(changes[takeOver].AtMs - departure.AtMs, changes[commit].AtMs - departure.AtMs);

        bool IsByAnother(ShardChange change) => !string.Equals(change.Writer, departure.Node, StringComparison.Ordinal);
    }

    private static string Percentiles(IEnumerable<long> valuesMs)
    {
        var sorted = valuesMs.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {Percentile(0.50):0.00} s, p99 {Percentile(0.99):0.00} s");

        double Percentile(double share) => sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(sorted.Count * share))] / 1000.0;
    }

    private sealed record Gap(long TakenOverMs, long CommittedMs);
}
