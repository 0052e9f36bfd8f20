using System.Runtime;
using StreamEngine.Engine.Workers;

namespace StreamEngine.Host.Nodes;

/// <summary>
/// Puts garbage collections off while a node that has started reads its sessions back. All that it reads stays; a collector that looks for garbage every few MB
/// stops everything 14 times meanwhile, for 0.45 of 1.9 s (98,000 sessions), finds none and moves what it finds. It comes when all shards are open, or when so much
/// has been allocated, and then takes 0.14 s once.
/// </summary>
public sealed class FirstCollection : IDisposable
{
    /// <summary>So much is allocated until 100,000 sessions are back. With half of it nothing is gained: that is used up before they are.</summary>
    private const long BytesMax = 192L * 1024 * 1024;

    /// <summary>Of that, for what is large: segments while they are read, tables of sessions.</summary>
    private const long LargeBytes = 32L * 1024 * 1024;

    /// <summary>Where the process may have little memory, this part of it.</summary>
    private const int MemoryShare = 8;

    /// <summary>A shard whose database is away may not open for long.</summary>
    private static readonly TimeSpan PutOffMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<Worker> _workers;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer? _timer;

    private FirstCollection(IReadOnlyList<Worker> workers, TimeProvider time)
    {
        (_workers, _time, _start) = (workers, time, time.GetTimestamp());
        var bytes = BytesFor(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        // Where the system has not so much to give, the collector goes on as ever.
        if (bytes >= 2 * LargeBytes && !IsPutOff && GC.TryStartNoGCRegion(bytes, LargeBytes, disallowFullBlockingGC: true))
        {
            _timer = time.CreateTimer(_ => EndWhenRead(), null, Interval, Interval);
        }
    }

    private static bool IsPutOff => GCSettings.LatencyMode == GCLatencyMode.NoGCRegion;

    /// <summary>For a node whose workers have just been started.</summary>
    public static FirstCollection PutOff(EngineNode node, TimeProvider time) => new(node.Workers, time);

    /// <param name="availableBytes">Of the machine, or what a container's limit leaves.</param>
    public static long BytesFor(long availableBytes) => Math.Min(BytesMax, availableBytes / MemoryShare);

    public void Dispose()
    {
        _timer?.Dispose();
        if (_timer is not null && IsPutOff)
        {
            End();
        }
    }

    private void EndWhenRead()
    {
        if (IsPutOff && !HasRead() && _time.GetElapsedTime(_start) < PutOffMax)
        {
            return;
        }
        Dispose();
    }

    private bool HasRead()
    {
        foreach (var worker in _workers)
        {
            var progress = worker.Stats.Progress;
            if (!progress.HasJoined || progress.Shards.Any(static shard => shard.State == ShardState.Opening))
            {
                return false;
            }
        }
        return true;
    }

    private static void End()
    {
        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // The memory was used up at this moment, and a collection has ended it.
        }
    }
}
