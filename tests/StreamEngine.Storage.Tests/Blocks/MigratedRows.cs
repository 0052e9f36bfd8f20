using System.Text;
using StreamEngine.Engine.Stores;

namespace StreamEngine.Storage.Tests.Blocks;

/// <summary>What must be found of a database whose decisions and changes of carts were rows each.</summary>
internal static class MigratedRows
{
    /// <param name="count">Of the actions of shard 0, all emitted, and of its changes of carts, five for each of 500 sessions.</param>
    public static void Check(IShardStore store, IReadOnlyList<ActionRow> actions, IReadOnlyList<CartRow> carts, StoreSummary summary, int count)
    {
        Assert.Equal(Enumerable.Range(1, count).Select(static i => (long)i), actions.Select(static row => row.Seq));
        var row = actions[1_999];
        Assert.Equal(
            ("a2000", "v'2000\u241B", "ü \"r\"", 7_000, 2_000, """{"n":2000,"t":"\u00fc"}"""),
            (row.Id.ToString(), row.Visitor.ToString(), row.Reason.ToString(), row.DueMs, row.DecidedMs, Encoding.UTF8.GetString(row.Data.Span)));
        Assert.Equal(500, carts.Count);
        Assert.All(carts, cart => Assert.InRange(cart.Episode, count - 499, count));
        Assert.Equal(500, Assert.Single(summary.CartsByPhase).Count);
        Assert.Equal([1_998L, 1_999], store.ReadOutbox(0, 1_997, 2).Select(static action => action.Seq));

        var next = Commits.For(store.TakeOver(0, "node-b"), 2);
        next.ActionSeq = count + 1;
        next.Actions.Add(Commits.Action(count + 1, "next"));
        Assert.Equal(CommitOutcome.Committed, Commits.Write(store, next));
        Assert.Equal([count, count + 1], store.ReadOutbox(0, count - 1, 10).Select(static action => (int)action.Seq));
    }

    public static (string Id, string? Held, int DataBytes) Held(IReadOnlyList<ActionRow> actions)
    {
        var row = Assert.Single(actions);
        return (row.Id.ToString(), row.Held, row.Data.Length);
    }
}
