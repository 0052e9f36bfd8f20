using System.Globalization;

namespace StreamEngine.Benchmarks.Running;

/// <summary>How long things took, in ms. Add from one thread at a time; percentiles are by nearest rank and NaN while it is empty.</summary>
public sealed class Latencies
{
    private readonly List<double> _ms = [];
    private bool _isSorted = true;

    public int Count => _ms.Count;

    public double Max => Percentile(100);

    public void Add(double ms)
    {
        _ms.Add(ms);
        _isSorted = false;
    }

    public void Clear() => _ms.Clear();

    /// <param name="percent">Above 0 up to 100.</param>
    public double Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        if (_ms.Count == 0)
        {
            return double.NaN;
        }
        if (!_isSorted)
        {
            _ms.Sort();
            _isSorted = true;
        }
        // Rounded before the ceiling: 99.9 % of 1,000 is rank 999, though the product is a hair above it.
        var rank = (int)Math.Ceiling(Math.Round(percent / 100 * _ms.Count, 6));
        return _ms[Math.Max(1, rank) - 1];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {Percentile(50):0.0}  p99 {Percentile(99):0.0}  p99.9 {Percentile(99.9):0.0}  max {Max:0.0} ms");
}
