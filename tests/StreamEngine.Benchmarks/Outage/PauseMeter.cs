using System.Globalization;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>The collector's stops since this was made.</summary>
public sealed class PauseMeter
{
    private readonly TimeSpan _paused = GC.GetTotalPauseDuration();
    private readonly int[] _counts = Counts();

    /// <summary>Collections of generation 0, 1 and 2, and how long they stopped everything on average.</summary>
    public override string ToString()
    {
        var counts = Counts();
        var all = counts[0] - _counts[0];
        var (first, second) = (counts[1] - _counts[1], counts[2] - _counts[2]);
        var paused = (GC.GetTotalPauseDuration() - _paused).TotalMilliseconds;
        return string.Create(CultureInfo.InvariantCulture, $"{all - first} / {first - second} / {second}, {paused:0} ms in all, {paused / Math.Max(1, all):0.0} ms each");
    }

    private static int[] Counts() => [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];
}
