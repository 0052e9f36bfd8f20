using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Hostile;

/// <param name="Letters">Bad records sent and dead letters found at different positions, by reason.</param>
internal sealed record HostileResult(
    IReadOnlyList<Latencies> Parts, double[] Gaps, int Asked, int Answered, IReadOnlyList<(string Reason, int Sent, int Found)> Letters, long HostileSent,
    long PeakMemoryBytes, TimeSpan CpuTime)
{
    /// <param name="kind">0 quiet, 1 hostile.</param>
    public IEnumerable<Latencies> Latencies(int kind) => Parts.Where((_, part) => part % 2 == kind);

    /// <summary>In ms.</summary>
    public double LongestGap(int kind) => Gaps.Where((_, part) => part % 2 == kind).Max();
}
