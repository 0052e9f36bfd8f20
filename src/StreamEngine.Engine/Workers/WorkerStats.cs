using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using StreamEngine.Carts.Actions;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Engine.Workers;

/// <summary>What a worker shows to others. Written by the worker, read by anybody; each figure is whole, together they may be a moment apart.</summary>
public sealed class WorkerStats
{
    private const int RecentMax = 64;

    private static readonly string Cancelled = ActionDocument.WordOf(ActionKind.ActionCancelled);

    private readonly ConcurrentDictionary<int, ShardStats> _shards = new();
    private readonly ConcurrentDictionary<string, long> _actions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ActionRow> _recent = new();
    private readonly ConcurrentDictionary<int, string> _stopped = new();

    /// <summary>The worker's own: as many as there are tactics and reasons, instead of one an action.</summary>
    private readonly Dictionary<(string Tactic, string? Held), string> _names = [];

    public long Commits { get; internal set; }
    public long CommittedBytes { get; internal set; }
    public double LastCommitMs { get; internal set; }
    public long Published { get; internal set; }
    public long Fenced { get; internal set; }
    public long FailedCommits { get; internal set; }
    public long Reloads { get; internal set; }

    /// <summary>Where its shards are.</summary>
    public WorkerProgress Progress { get; } = new();

    /// <summary>Of every shard this worker has had; a shard that left keeps its counts and shows no sessions.</summary>
    public IEnumerable<ShardStats> Shards => _shards.Values;

    /// <summary>Shards in memory now.</summary>
    public int OpenShards { get; private set; }

    /// <summary>Committed decisions by tactic; held-back ones as "tactic (held: reason)".</summary>
    public IReadOnlyDictionary<string, long> Actions => _actions;

    /// <summary>The latest emitted actions, oldest first, without their documents.</summary>
    public IReadOnlyCollection<ActionRow> RecentActions => _recent;

    /// <summary>Shards that stand still, with the reason.</summary>
    public IReadOnlyDictionary<int, string> Stopped => _stopped;

    internal void Open(Shard shard)
    {
        if (_shards.TryGetValue(shard.Id, out var earlier))
        {
            shard.Stats.Continue(earlier);
        }
        _shards[shard.Id] = shard.Stats;
        OpenShards++;
        _stopped.TryRemove(shard.Id, out _);
    }

    internal void Close(int shard)
    {
        OpenShards--;
        if (_shards.TryGetValue(shard, out var stats))
        {
            stats.ClearGauges();
        }
    }

    internal void Stop(int shard, string reason) => _stopped[shard] = reason;

    /// <summary>What it stood still for is told by whoever has it now.</summary>
    internal void GiveUp(int shard) => _stopped.TryRemove(shard, out _);

    internal void Add(ShardCommit commit)
    {
        Commits++;
        CommittedBytes += commit.Segment.WrittenCount;
        var emitted = 0;
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(commit.Actions))
        {
            _actions.AddOrUpdate(Name(row), 1, static (_, count) => count + 1);
            emitted += row.Held is null ? 1 : 0;
        }
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(commit.Actions))
        {
            // Of a large commit only those that stay are copied.
            if (row.Held is null && emitted-- <= RecentMax)
            {
                Keep(row);
            }
        }
    }

    private void Keep(in ActionRow row)
    {
        _recent.Enqueue((row with { Data = default }).Kept());
        if (_recent.Count > RecentMax)
        {
            _recent.TryDequeue(out _);
        }
    }

    private string Name(in ActionRow row)
    {
        // A cancellation has the cancelled action in its name: counted by it, each would have a count of its own for ever.
        var tactic = string.Equals(row.Kind, Cancelled, StringComparison.Ordinal) ? Cancelled : row.Tactic;
        ref var name = ref CollectionsMarshal.GetValueRefOrAddDefault(_names, (tactic, row.Held), out _);
        return name ??= row.Held is null ? tactic : $"{tactic} (held: {row.Held})";
    }
}
