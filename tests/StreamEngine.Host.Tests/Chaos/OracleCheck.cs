using System.Text;
using StreamEngine.Host.Shoppers;
using StreamEngine.Host.Tactics;
using StreamEngine.Host.Tests.EndToEnd;
using StreamEngine.Kafka;
using StreamEngine.Oracle;
using StreamEngine.TestKit;
using Xunit;

namespace StreamEngine.Host.Tests.Chaos;

/// <summary>
/// Ends a run with crashes: the store must hold what the oracle says, as if nothing had happened. Two things a crash may cost are allowed and counted: who only
/// browsed is forgotten, which can cost (or move) a product-page prompt, and where such a visitor then fills a cart the session has begun later, which is part of its ids.
/// </summary>
internal sealed class OracleCheck(Shop shop, ShopperOptions shoppers, int partitions)
{
    private const string OfBrowsers = "product-question";

    public int Decisions { get; private set; }

    /// <summary>Decisions whose session began anew after a crash: the same but for the id, which is that of a session that began with a later click.</summary>
    public int LaterBegun { get; private set; }

    /// <summary>Product-page prompts that the oracle has and the store has not, or the other way round.</summary>
    public int PromptsMoved { get; private set; }

    public void Run()
    {
        var oracle = new ShopOracle(new OracleRules { Tactics = TacticsFile.Read(shop.Settings.TacticsPath).Definition! });
        PartitionOracle[] oracles = [.. Enumerable.Range(0, partitions).Select(_ => oracle.Begin())];
        var times = Play(oracles);
        using var store = shop.OpenStore();
        foreach (var state in store.ReadSummary().Shards)
        {
            var expected = oracles[state.Shard].End(endMs: 0);
            Assert.Equal(expected.Verdicts.Count, state.NextOffset);
            Compare(oracle, expected.Decisions, [.. store.ReadActions(state.Shard).Select(OracleView.DecisionOf)], times);
            Assert.Equal(
                expected.Endings.Values.Where(static e => e.Phase is not "Browsing").OrderBy(static e => e.Visitor, StringComparer.Ordinal),
                StoredSessions.Read(store.ReadSegments(state.Shard)).Values.Select(OracleView.EndingOf).Where(static e => e.Phase is not "Browsing")
                    .OrderBy(static e => e.Visitor, StringComparer.Ordinal));
            Assert.Empty(store.ReadDeadLetters(state.Shard));
        }
    }

    /// <summary>The stream is drawn again from its seed: millions of clicks need not be kept.</summary>
    /// <returns>The times of each visitor's records.</returns>
    private Dictionary<string, List<long>> Play(PartitionOracle[] oracles)
    {
        var times = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        var offsets = new long[partitions];
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var stream = new ShopperStream(shoppers, new PartitionMap(partitions, key => Murmur2.Partition(key, partitions)));
        while (stream.TryNext(out var click))
        {
            var shard = Murmur2.Partition(click.Key, partitions);
            oracles[shard].Take(new OracleRecord(offsets[shard]++, click.TimeMs, IsLogAppendTime: false, click.Key, click.Value.ToArray()), nowMs);
            var visitor = Encoding.UTF8.GetString(click.Key);
            if (!times.TryGetValue(visitor, out var visits))
            {
                times.Add(visitor, visits = []);
            }
            visits.Add(click.TimeMs);
        }
        return times;
    }

    private void Compare(ShopOracle oracle, IReadOnlyList<OracleDecision> expected, IReadOnlyList<OracleDecision> found, Dictionary<string, List<long>> times)
    {
        Assert.Equal(found.Count, found.DistinctBy(static d => d.Id, StringComparer.Ordinal).Count());
        var (mine, theirs) = (OfCarts(expected), OfCarts(found));
        Assert.Equal(mine.Select(WithoutIds), theirs.Select(WithoutIds));
        foreach (var (right, decision) in mine.Zip(theirs))
        {
            if (!string.Equals(right.Id, decision.Id, StringComparison.Ordinal))
            {
                Assert.Contains(times[decision.Visitor], startedMs => string.Equals(oracle.IdOf(decision, startedMs), decision.Id, StringComparison.Ordinal));
                LaterBegun++;
            }
        }
        var prompts = expected.Where(IsOfBrowsers).Select(WithoutIds).ToHashSet();
        prompts.SymmetricExceptWith(found.Where(IsOfBrowsers).Select(WithoutIds));
        PromptsMoved += prompts.Count;
        Decisions += found.Count;
    }

    /// <summary>The fact that an action is cancelled has that action's id in its name.</summary>
    private static OracleDecision WithoutIds(OracleDecision decision) => decision with { Id = "", Tactic = decision.Tactic.Split(':')[0] };

    private static List<OracleDecision> OfCarts(IEnumerable<OracleDecision> decisions) =>
        [.. decisions.Where(static d => !IsOfBrowsers(d)).OrderBy(static d => d.Visitor, StringComparer.Ordinal)];

    private static bool IsOfBrowsers(OracleDecision decision) => string.Equals(decision.Tactic, OfBrowsers, StringComparison.Ordinal);
}
