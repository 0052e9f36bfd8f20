using System.Globalization;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Whether a node does its work: every shard it was given is open, and its offset moves on or it has read everything. Not whether it is alive: a node that waits for
/// its database is alive and not ready, and gets ready by itself. Any thread.
/// </summary>
public sealed class Readiness(IReadOnlyList<Worker> workers, TimeProvider time)
{
    /// <summary>An offset that has not moved for so long, with clicks behind it, stands.</summary>
    private static readonly TimeSpan StandingAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, (long Offset, long At)> _moved = [];

    /// <returns>Why the node is not ready, a sentence each; none where it is.</returns>
    public IReadOnlyList<string> Look()
    {
        var reasons = new List<string>();
        lock (_gate)
        {
            for (var i = 0; i < workers.Count; i++)
            {
                Look(i, workers[i].Stats, reasons);
            }
        }
        return reasons;
    }

    private void Look(int worker, WorkerStats stats, List<string> reasons)
    {
        var progress = stats.Progress;
        if (!progress.HasJoined)
        {
            reasons.Add(Text($"worker {worker} has not been given its shards by the group yet"));
            return;
        }
        if (time.GetElapsedTime(progress.At) is var silent && silent >= StandingAfter)
        {
            reasons.Add(Text($"worker {worker} has not finished a turn of its loop for {silent.TotalSeconds:0} s"));
        }
        foreach (var shard in progress.Shards)
        {
            if (Complaint(shard, stats) is { } complaint)
            {
                reasons.Add(complaint);
            }
        }
    }

    private string? Complaint(ShardProgress shard, WorkerStats stats)
    {
        var standing = Standing(shard);
        return shard.State switch
        {
            ShardState.Stopped => Text($"shard {shard.Shard} stands still: {stats.Stopped.GetValueOrDefault(shard.Shard)}"),
            ShardState.Opening when stats.Stopped.TryGetValue(shard.Shard, out var reason) => Text($"shard {shard.Shard} stands still: {reason}"),
            ShardState.Opening => Text($"shard {shard.Shard} is being taken over, or waits for the database"),
            _ when shard.HasReadEverything || standing < StandingAfter => null,
            ShardState.Paused => Text($"shard {shard.Shard} is paused at offset {shard.NextOffset} for {standing.TotalSeconds:0} s: the database or the broker does not take what it has"),
            _ => Text($"shard {shard.Shard} stands at offset {shard.NextOffset} for {standing.TotalSeconds:0} s, and the end of its log is ahead or unknown: does the broker answer?"),
        };
    }

    private TimeSpan Standing(ShardProgress shard)
    {
        var now = time.GetTimestamp();
        if (shard.State == ShardState.Opening || shard.HasReadEverything || !_moved.TryGetValue(shard.Shard, out var moved) || moved.Offset != shard.NextOffset)
        {
            _moved[shard.Shard] = (shard.NextOffset, now);
            return TimeSpan.Zero;
        }
        return time.GetElapsedTime(moved.At, now);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
