using System.Globalization;
using StreamEngine.Simulation.Worlds;

namespace StreamEngine.Simulation.Runs;

/// <summary>Many seeds, several at a time, each in one thread.</summary>
public static class SeedBatch
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    /// <param name="threads">0: one for each core.</param>
    /// <param name="report">Gets a line now and then, and one for each seed that fails.</param>
    public static BatchResult Play(int firstSeed, int count, int threads, Action<string> report)
    {
        var gate = new Lock();
        var start = TimeProvider.System.GetTimestamp();
        var reported = start;
        var sum = new BatchFigures();
        SortedDictionary<int, SeedResult> failed = [];
        Parallel.For(firstSeed, firstSeed + count, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount }, seed =>
        {
            var result = SeedRun.Play(seed);
            lock (gate)
            {
                sum.Add(result.Figures);
                if (result.Complaints.Count > 0)
                {
                    failed.Add(seed, result);
                    report($"seed {seed}: {result.Complaints.Count} complaints, the first at {Clock(result.Complaints[0].AtMs)} ({result.Complaints[0].Check}): {result.Complaints[0].What}");
                }
                if (TimeProvider.System.GetElapsedTime(reported) > ReportEvery)
                {
                    reported = TimeProvider.System.GetTimestamp();
                    var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
                    report(string.Create(CultureInfo.InvariantCulture, $"{sum.Seeds} of {count} seeds, {sum.Seeds / seconds:0.0}/s, {failed.Count} failed"));
                }
            }
        });
        return new BatchResult(sum, failed, TimeProvider.System.GetElapsedTime(start));
    }

    /// <summary>Days, hours, minutes since the story began.</summary>
    public static string Clock(long atMs) => TimeSpan.FromMilliseconds(atMs - World.StartMs).ToString("d\\.hh\\:mm\\:ss\\.fff", CultureInfo.InvariantCulture);
}

public sealed record BatchResult(BatchFigures Figures, IReadOnlyDictionary<int, SeedResult> Failed, TimeSpan Took);

/// <summary>Sums over seeds, and the least of what each seed must have.</summary>
public sealed class BatchFigures
{
    public int Seeds { get; private set; }
    public double Hours { get; private set; }
    public long Clicks { get; private set; }
    public long Faults { get; private set; }
    public long Rebalances { get; private set; }
    public long TakeOvers { get; private set; }
    public long Commits { get; private set; }
    public long Decisions { get; private set; }
    public long Published { get; private set; }
    public long Restarts { get; private set; }
    public double HoursMin { get; private set; } = double.MaxValue;
    public int NodesMin { get; private set; } = int.MaxValue;
    public int VisitorsMin { get; private set; } = int.MaxValue;
    public int FaultsMin { get; private set; } = int.MaxValue;

    public void Add(SeedFigures seed)
    {
        Seeds++;
        Hours += seed.Hours;
        Clicks += seed.Clicks;
        Faults += seed.Faults;
        Rebalances += seed.Rebalances;
        TakeOvers += seed.TakeOvers;
        Commits += seed.Commits;
        Decisions += seed.Decisions;
        Published += seed.Published;
        Restarts += seed.Restarts;
        HoursMin = Math.Min(HoursMin, seed.Hours);
        NodesMin = Math.Min(NodesMin, seed.Nodes);
        VisitorsMin = Math.Min(VisitorsMin, seed.Visitors);
        FaultsMin = Math.Min(FaultsMin, seed.Faults);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Seeds:N0} seeds, {Hours:N0} virtual hours (each seed at least {HoursMin:0} h, {NodesMin} nodes, {Cluster.Shards} shards, {VisitorsMin} sessions, {FaultsMin} faults)
        {Clicks:N0} clicks, {Faults:N0} faults, {Rebalances:N0} rebalances, {Restarts:N0} restarts, {TakeOvers:N0} take-overs
        {Commits:N0} commits of a shard, {Decisions:N0} decisions, {Published:N0} actions arrived
        """);
}
