using System.Collections.Concurrent;

namespace StreamEngine.Engine.Workers;

/// <summary>
/// Where to stop: the log end of every partition as it was at the start. In this mode a shard never follows the wall clock, so the result depends
/// on the records alone: deadlines fire up to the newest record's time and no further.
/// </summary>
public sealed class CatchUp(IReadOnlyList<long> logEnds)
{
    private readonly bool[] _done = new bool[logEnds.Count];
    private readonly ConcurrentDictionary<int, string> _stopped = new();
    private int _left = logEnds.Count;

    public long Goal(int shard) => logEnds[shard];

    /// <summary>No shard is still on its way; some may have stopped before they got there.</summary>
    public bool IsDone => Volatile.Read(ref _left) <= 0;

    public double Share => 1 - (double)Volatile.Read(ref _left) / Math.Max(1, logEnds.Count);

    /// <summary>Shards that will not get there, with the reason.</summary>
    public IReadOnlyDictionary<int, string> Stopped => _stopped;

    internal void MarkStopped(int shard, string reason)
    {
        _stopped[shard] = reason;
        MarkDone(shard);
    }

    internal void MarkDone(int shard)
    {
        if (!Interlocked.Exchange(ref _done[shard], true))
        {
            Interlocked.Decrement(ref _left);
        }
    }
}
