using System.CommandLine;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Benchmarks.Running;

namespace StreamEngine.Benchmarks.Residents;

/// <summary>How long a shard is away when it changes hands: epoch raised, log read from the store, sessions, deadlines and outbox rebuilt.</summary>
public static class TakeOverCommand
{
    private const double SecondsFloor = 5;
    private const double SecondsGoal = 0.5;

    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var sessions = new Option<int>("--sessions") { Description = "Carts in the shard.", DefaultValueFactory = static _ => 100_000 };
        var rounds = CommonOptions.Rounds("Take-overs; the first one is with a cold compiler.", 5);
        var store = new Option<string>("--store") { Description = "Where the shard lies.", DefaultValueFactory = static _ => "both" };
        store.AcceptOnlyFromAmong("sqlite", "postgres", "both");
        var folder = CommonOptions.Out();
        var command = new Command("takeover", "Seconds until a shard's sessions are back from SQLite and from PostgreSQL. Exits with 1 above five.")
        {
            sessions, rounds, store, folder,
        };
        command.SetAction(args =>
        {
            var asked = args.GetValue(store)!;
            List<TakeOverStore> stores = [.. Enum.GetValues<TakeOverStore>().Where(kind => asked is "both" || Enum.Parse<TakeOverStore>(asked, ignoreCase: true) == kind)];
            if (stores.Contains(TakeOverStore.Postgres) && !BenchPostgres.IsThere(out var reason))
            {
                stores.Remove(TakeOverStore.Postgres);
                if (stores.Count == 0)
                {
                    return CommonOptions.Refuse(reason);
                }
                Console.Error.WriteLine($"  without PostgreSQL: {reason}");
            }
            var count = args.GetValue(sessions);
            var chapter = Write(count, [.. stores.Select(kind => Run(kind, count, args.GetValue(rounds)))]);
            return chapter.Publish(args.GetValue(folder)!) | (chapter.Marks.Exists(static mark => mark.Standing == Standing.Missed) ? 1 : 0);
        });
        return command;
    }

    private static TakeOverFigures Run(TakeOverStore store, int sessions, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("streamengine-takeover-");
        try
        {
            var database = store == TakeOverStore.Postgres ? BenchPostgres.CreateDatabase() : Path.Combine(folder.FullName, "takeover.db");
            using var child = ChildProcess.Start(
                Environment.ProcessPath!,
                [
                    typeof(TakeOverCommand).Assembly.Location, TakeOverRunCommand.Name, "--store", store.ToString(), "--database", database,
                    "--sessions", sessions.ToString(CultureInfo.InvariantCulture), "--rounds", rounds.ToString(CultureInfo.InvariantCulture),
                ]);
            var ended = child.WaitForExit(RunMax);
            return ended && TakeOverRunCommand.Figures(child.Lines) is { } figures
                ? figures
                : throw new InvalidOperationException($"{Of(store)}: no figures. Its last lines:\n{string.Join('\n', child.Lines.TakeLast(20))}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Chapter Write(int sessions, List<TakeOverFigures> runs)
    {
        var chapter = new Chapter("takeover", Text($"Take-over of a shard with {sessions:N0} carts of three lines")) { Figures = Chapter.Raw(runs) };
        foreach (var (store, seconds, kept) in runs)
        {
            var (first, median) = (seconds[0], Median.Of(seconds));
            chapter.Marks.Add(new Mark(Text($"take-over of {sessions:N0} sessions, {Of(store)}, the first of a process"), first, "s", SecondsFloor, SecondsGoal));
            chapter.Marks.Add(new Mark(Text($"take-over of {sessions:N0} sessions, {Of(store)}, median of {seconds.Count}"), median.Value, "s", SecondsFloor, SecondsGoal));
            chapter.Tables.Add(new ResultTable(Text($"{Of(store)}: epoch raised, log read, sessions, deadlines and outbox rebuilt"), "", "seconds", "sessions/s")
                .Row("first, compiler cold", Text($"{first:0.000}"), Text($"{sessions / first:N0}"))
                .Row(Text($"median of {seconds.Count}"), Text($"{median.Value:0.000}"), Text($"{sessions / median.Value:N0}"))
                .Row("back at its node, memory kept", Text($"{kept:0.000}"), Text($"{sessions / kept:N0}"))
                .Row("spread", Text($"{median.Spread:P0}"), ""));
        }
        return chapter;
    }

    private static string Of(TakeOverStore store) => store == TakeOverStore.Postgres ? "PostgreSQL" : "SQLite";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
