namespace StreamEngine.Host.Capacity;

/// <summary>What a click costs in a shop where so many visitors have a cart.</summary>
/// <param name="CartShare">Of the visitors, 0 to 1.</param>
/// <param name="WorkerClicks">Clicks a second of one worker, which is also the most that one partition can have.</param>
/// <param name="CpuMicros">Of a click, user and system, with the Kafka client and the store's own thread.</param>
/// <param name="LogBytes">Of a click, in the shard log: encoded sessions.</param>
/// <param name="DiskBytes">Of a click, written to the disk by the store: log, decisions, read models, and the journal of all of it.</param>
public sealed record LoadPoint(double CartShare, double WorkerClicks, double CpuMicros, double LogBytes, double DiskBytes)
{
    /// <summary>Between two measured points on a straight line; outside of them as the nearer one.</summary>
    public static LoadPoint Between(LoadPoint few, LoadPoint many, double cartShare)
    {
        var part = Math.Clamp((cartShare - few.CartShare) / (many.CartShare - few.CartShare), 0, 1);
        return new LoadPoint(
            cartShare,
            // A worker's rate is the inverse of a time, and times add up.
            1 / Mix(1 / few.WorkerClicks, 1 / many.WorkerClicks),
            Mix(few.CpuMicros, many.CpuMicros), Mix(few.LogBytes, many.LogBytes), Mix(few.DiskBytes, many.DiskBytes));

        double Mix(double a, double b) => a + part * (b - a);
    }
}
