using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Engine.Stores;
using StreamEngine.Engine.Workers;

namespace StreamEngine.Host.Screen;

/// <summary>All workers' figures added up at one moment.</summary>
public sealed record EngineSnapshot
{
    public required long Clicks { get; init; }
    public required IReadOnlyList<(Verdict Verdict, long Count)> Verdicts { get; init; }
    public required IReadOnlyList<(CartPhase Phase, long Count)> Sessions { get; init; }
    public required long DeadlinesArmed { get; init; }
    public required long DeadlinesFired { get; init; }
    public required long Commits { get; init; }
    public required double LastCommitMs { get; init; }
    public required long Published { get; init; }
    public required long LogBytes { get; init; }
    public required long MisroutedKeys { get; init; }

    /// <summary>Visitors who only browsed and were forgotten because there were too many.</summary>
    public required long BrowsersDropped { get; init; }
    public required int ShardsOpen { get; init; }
    public required IReadOnlyList<(string Name, long Count)> Actions { get; init; }
    public required IReadOnlyList<ActionRow> Recent { get; init; }
    public required IReadOnlyList<(int Shard, string Reason)> Stopped { get; init; }

    /// <summary>Why the node is not ready; none where it is, or where nobody asked.</summary>
    public IReadOnlyList<string> NotReady { get; init; } = [];

    public long EmittedActions => Actions.Where(static a => !a.Name.Contains("(held", StringComparison.Ordinal)).Sum(static a => a.Count);

    public static EngineSnapshot Of(IReadOnlyList<Worker> workers)
    {
        var shards = workers.SelectMany(static w => w.Stats.Shards).ToList();
        return new EngineSnapshot
        {
            Clicks = shards.Sum(static s => s.Clicks),
            Verdicts = [.. Enum.GetValues<Verdict>().Select(v => (v, shards.Sum(s => s.Verdicts(v))))],
            Sessions = [.. Enum.GetValues<CartPhase>().Select(p => (p, shards.Sum(s => s.Sessions(p))))],
            DeadlinesArmed = shards.Sum(static s => s.DeadlinesArmed),
            DeadlinesFired = shards.Sum(static s => s.DeadlinesFired),
            Commits = workers.Sum(static w => w.Stats.Commits),
            LastCommitMs = workers.Max(static w => w.Stats.LastCommitMs),
            Published = workers.Sum(static w => w.Stats.Published),
            LogBytes = shards.Sum(static s => s.LogBytes),
            BrowsersDropped = shards.Sum(static s => s.BrowsersDropped),
            MisroutedKeys = shards.Sum(static s => s.MisroutedKeys),
            ShardsOpen = workers.Sum(static w => w.Stats.OpenShards),
            Actions = [.. workers.SelectMany(static w => w.Stats.Actions)
                .GroupBy(static a => a.Key, StringComparer.Ordinal)
                .Select(static g => (g.Key, g.Sum(static a => a.Value)))
                .OrderBy(static a => a.Key, StringComparer.Ordinal)],
            Recent = [.. workers.SelectMany(static w => w.Stats.RecentActions).OrderBy(static a => a.DecidedMs)],
            Stopped = [.. workers.SelectMany(static w => w.Stats.Stopped).Select(static s => (s.Key, s.Value))],
        };
    }
}
