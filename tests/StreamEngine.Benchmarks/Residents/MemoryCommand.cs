using System.CommandLine;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Storage.Memory;

namespace StreamEngine.Benchmarks.Residents;

/// <summary>What a visitor costs while resident, with everything that points to the session: table, deadline, log.</summary>
public static class MemoryCommand
{
    private const double BytesFloor = 1_000;
    private const double BytesGoal = 400;

    public static Command Create()
    {
        var sessions = new Option<int[]>("--sessions")
        {
            Description = "How many are resident.",
            DefaultValueFactory = static _ => [200_000, 1_000_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var folder = CommonOptions.Out();
        var command = new Command("memory", "Bytes of a resident session, of who browses and of who has a cart of three lines.") { sessions, folder };
        command.SetAction(args => Run(args.GetValue(sessions)!).Publish(args.GetValue(folder)!));
        return command;
    }

    private static Chapter Run(int[] counts)
    {
        var chapter = new Chapter("memory", "Memory of a resident session")
        {
            Tables = { new ResultTable("One shard, the whole heap after a full collection", "sessions", "bytes each") },
        };
        foreach (var count in counts)
        {
            var browsing = Add(chapter, "browsing", count, SampleShard.Browsing);
            var carting = Add(chapter, "cart of three lines", count, SampleShard.Carting);
            chapter.Marks.Add(new Mark(Text($"memory of a session that browses, {count:N0} resident"), browsing, "B", BytesFloor, BytesGoal));
            chapter.Marks.Add(new Mark(Text($"memory of a session with a cart of three lines, {count:N0} resident"), carting, "B", BytesFloor, BytesGoal));
        }
        return chapter;
    }

    /// <returns>Bytes of each.</returns>
    private static double Add(Chapter chapter, string who, int count, byte[][] clicks)
    {
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var store = new MemoryShardStore(keep: false);
        var shard = new SampleShard(store, count).Fill(clicks);
        managed = GC.GetTotalMemory(forceFullCollection: true) - managed;
        if (shard.SessionCount != count)
        {
            throw new InvalidOperationException($"{shard.SessionCount} sessions are resident instead of {count}: the figure would mean nothing.");
        }
        var each = (double)managed / count;
        chapter.Tables[0].Row(Text($"{count:N0}, {who}"), Text($"{each:N0}"));
        GC.KeepAlive(shard);
        return each;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
