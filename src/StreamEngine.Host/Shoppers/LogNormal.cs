namespace StreamEngine.Host.Shoppers;

/// <summary>
/// A log-normal distribution as a table of its quantiles: one random number a sample, and no logarithm whose last digit another machine may
/// round differently. The tails end at 1 in 8192.
/// </summary>
internal sealed class LogNormal
{
    private const int Cells = 4096;
    private readonly long[] _quantiles = new long[Cells + 1];

    public LogNormal(double median, double p90, long min, long max)
    {
        const double NormalP90 = 1.2815515655446004;
        var sigma = Math.Log(p90 / median) / NormalP90;
        for (var i = 0; i <= Cells; i++)
        {
            var probability = Math.Clamp((double)i / Cells, 0.5 / Cells, 1 - 0.5 / Cells);
            _quantiles[i] = Math.Clamp((long)Math.Round(median * Math.Exp(sigma * NormalQuantile(probability))), min, max);
        }
    }

    public long Sample(ref SeededRandom random)
    {
        var drawn = random.Next();
        var cell = (int)(drawn >> 52);
        var (low, high) = (_quantiles[cell], _quantiles[cell + 1]);
        return low + (high - low) * (long)((drawn >> 20) & 0xFFFF) / 0x10000;
    }

    /// <summary>The value below which <paramref name="cell"/> of 4096 samples lie.</summary>
    public long Quantile(int cell) => _quantiles[cell];

    /// <summary>Acklam's rational approximation, relative error below 1.2e-9.</summary>
    private static double NormalQuantile(double p)
    {
        if (p > 0.5)
        {
            return -NormalQuantile(1 - p);
        }
        if (p < 0.02425)
        {
            var t = Math.Sqrt(-2 * Math.Log(p));
            return (((((-7.784894002430293e-03 * t - 3.223964580411365e-01) * t - 2.400758277161838) * t - 2.549732539343734) * t + 4.374664141464968) * t + 2.938163982698783)
                / ((((7.784695709041462e-03 * t + 3.224671290700398e-01) * t + 2.445134137142996) * t + 3.754408661907416) * t + 1);
        }
        var q = p - 0.5;
        var r = q * q;
        return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239) * q
            / (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1);
    }
}
