using System.Globalization;
using StreamEngine.Host.Tests.Chaos;

namespace StreamEngine.Host.Tests.Cluster;

/// <summary>What a run came to, for people.</summary>
internal sealed class ClusterReport(NodeCluster cluster, IReadOnlyList<ShardChange> changes, int repeats, OracleCheck check)
{
    public List<string> Lines() =>
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"kill -9: {Count(Leaving.Killed)}; stood still: {Count(Leaving.StoodStill)}; stopped in order: {Count(Leaving.InOrder)}"),
        string.Create(
            CultureInfo.InvariantCulture,
            $"commits: {changes.Count(static change => change.IsCommit):N0} shards' in {changes.Count(static change => !change.IsCommit):N0} epochs, each epoch's by its own node; fenced: {cluster.Fenced}, accepted of those: 0"),
        string.Create(
            CultureInfo.InvariantCulture,
            $"clicks: {cluster.Feed.Sent:N0}, never fewer than {cluster.Feed.LeastAhead:N0} left of a partition; decisions as the oracle's: {check.Decisions:N0}, of them {check.LaterBegun:N0} of sessions that began anew; product prompts lost or moved: {check.PromptsMoved:N0}"),
        string.Create(
            CultureInfo.InvariantCulture, $"actions on the topic: {cluster.Subscriber.Actions.Count:N0}, of them {repeats:N0} repeat an id"),
        "hand-over in order: " + Gaps(Leaving.InOrder),
        string.Create(CultureInfo.InvariantCulture, $"hand-over after kill -9 (session {NodeCluster.SessionTimeoutMs / 1000.0:0.0} s): {Gaps(Leaving.Killed)}"),
        string.Create(CultureInfo.InvariantCulture, $"hand-over from nodes that stood still: {Gaps(Leaving.StoodStill)}"),
    ];

    private int Count(Leaving leaving) => cluster.Departures.Count(departure => departure.Leaving == leaving);

    private string Gaps(Leaving leaving) => HandOver.Describe(changes, cluster.Departures.Where(departure => departure.Leaving == leaving));
}
