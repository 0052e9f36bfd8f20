namespace StreamEngine.Benchmarks.Running;

/// <summary>What repeated runs come to: the middle one, and how far the others are from it.</summary>
/// <param name="Value">The middle value; of an even number of runs, halfway between the two in the middle.</param>
/// <param name="Spread">(largest - smallest) / middle: how much a difference must be to mean something.</param>
public readonly record struct Median(double Value, double Spread)
{
    public static Median Of(IEnumerable<double> runs)
    {
        var sorted = runs.Order().ToArray();
        if (sorted.Length == 0)
        {
            return new Median(double.NaN, double.NaN);
        }
        var middle = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return new Median(middle, (sorted[^1] - sorted[0]) / middle);
    }
}
