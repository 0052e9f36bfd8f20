using System.CommandLine;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Storage.Memory;

namespace StreamEngine.Benchmarks.Residents;

/// <summary>What a visitor costs while resident, with everything that points to the session: table, deadline, log.</summary>
public static class MemoryCommand
{
    public static Command Create()
    {
        var sessions = new Option<int[]>("--sessions")
        {
            Description = "How many are resident.",
            DefaultValueFactory = static _ => [200_000, 1_000_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("memory", "Bytes of a resident session, of who browses and of who has a cart of three lines.") { sessions };
        command.SetAction(args => Run(args.GetValue(sessions)!));
        return command;
    }

    private static void Run(int[] counts)
    {
        var table = new ResultTable("Memory of a resident session: one shard, the whole heap after a full collection", "sessions", "bytes each");
        foreach (var count in counts)
        {
            Add(table, "browsing", count, SampleShard.Browsing);
            Add(table, "cart of three lines", count, SampleShard.Carting);
        }
        table.Write();
    }

    private static void Add(ResultTable table, string who, int count, byte[][] clicks)
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var store = new MemoryShardStore(keep: false);
        var shard = new SampleShard(store, count).Fill(clicks);
        managed = GC.GetTotalMemory(forceFullCollection: true) - managed;
        if (shard.SessionCount != count)
        {
            throw new InvalidOperationException($"{shard.SessionCount} sessions are resident instead of {count}: the figure would mean nothing.");
        }
        table.Row(Text($"{count:N0}, {who}"), Text($"{(double)managed / count:N0}"));
        GC.KeepAlive(shard);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
