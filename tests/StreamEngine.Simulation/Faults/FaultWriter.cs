namespace StreamEngine.Simulation.Faults;

/// <summary>
/// Draws what goes wrong. Which kinds occur at all is drawn first ("swarm testing"): a run with few kinds and many of each finds what a run with a little of everything does not.
/// </summary>
public sealed class FaultWriter(Random random, int nodes, Clocks clocks)
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    /// <param name="kinds">Those that may occur.</param>
    public IReadOnlyList<Fault> Write(long startMs, long endMs, int count, IReadOnlyList<FaultKind> kinds)
    {
        List<FaultKind> drawn = [.. kinds.Where(_ => random.Next(2) == 0)];
        if (drawn.Count == 0)
        {
            drawn.Add(kinds[random.Next(kinds.Count)]);
        }
        var isTroubledInBursts = random.Next(2) == 0;
        List<Fault> faults = [];
        var burstMs = startMs;
        while (faults.Count < count)
        {
            if (!isTroubledInBursts || faults.Count % 4 == 0)
            {
                burstMs = random.NextInt64(startMs, endMs);
            }
            var atMs = Math.Min(endMs - 1, isTroubledInBursts ? burstMs + random.NextInt64(2 * Minute) : burstMs);
            var fault = Draw(drawn[random.Next(drawn.Count)], atMs);
            faults.Add(fault with { SpanMs = Math.Min(fault.SpanMs, endMs - atMs) });
        }
        return [.. faults.OrderBy(fault => fault.AtMs)];
    }

    private Fault Draw(FaultKind kind, long atMs) => new(kind, atMs, Span(kind), random.Next(nodes), kind switch
    {
        FaultKind.Crash => random.Next(1, 40),
        FaultKind.StoreSlow => random.Next(4) == 0 ? random.Next(1_000, 120_000) : random.Next(50, 2_000),
        FaultKind.WriteFails or FaultKind.WrittenUnknown or FaultKind.LostUnknown or FaultKind.InDoubt => random.Next(1, 4),
        FaultKind.SendsRefused => random.Next(1, 6),
        FaultKind.JumpBack => random.Next(1, 30),
        FaultKind.Rival or FaultKind.OffsetMissing => random.Next(Cluster.Shards),
        FaultKind.ClockJump => random.Next(2) == 0 ? random.NextInt64(61 * Second, 8 * Hour) : -random.NextInt64(6 * Second, 2 * Hour),
        _ => 0,
    });

    private long Span(FaultKind kind) => kind switch
    {
        FaultKind.ClockJump when clocks != Clocks.Wild => random.NextInt64(Second, 55 * Second),
        FaultKind.OffsetMissing => random.NextInt64(Minute, Hour),
        FaultKind.Zombie => random.NextInt64(Second, 10 * Minute),
        _ => random.Next(10) switch
        {
            < 5 => random.NextInt64(Second, Minute),
            < 8 => random.NextInt64(Minute, 20 * Minute),
            8 => random.NextInt64(20 * Minute, 2 * Hour),
            _ => random.NextInt64(2 * Hour, 9 * Hour),
        },
    };
}
