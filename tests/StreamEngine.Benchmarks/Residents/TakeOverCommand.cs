using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Benchmarks.Running;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Workers;
using StreamEngine.Storage.Sqlite;

namespace StreamEngine.Benchmarks.Residents;

/// <summary>How long a shard is away when it changes hands: epoch raised, log read from SQLite, sessions, deadlines and outbox rebuilt.</summary>
public static class TakeOverCommand
{
    private const double SecondsFloor = 5;
    private const double SecondsGoal = 0.5;

    public static Command Create()
    {
        var sessions = new Option<int>("--sessions") { Description = "Carts in the shard.", DefaultValueFactory = static _ => 100_000 };
        var rounds = CommonOptions.Rounds("Take-overs; the first one is with a cold compiler.", 5);
        var folder = CommonOptions.Out();
        var command = new Command("takeover", "Seconds until a shard's sessions are back from SQLite. Exits with 1 above five.") { sessions, rounds, folder };
        command.SetAction(args =>
        {
            var chapter = Run(args.GetValue(sessions), args.GetValue(rounds));
            return chapter.Publish(args.GetValue(folder)!) | (chapter.Marks.Exists(static mark => mark.Standing == Standing.Missed) ? 1 : 0);
        });
        return command;
    }

    private static Chapter Run(int sessions, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("streamengine-takeover-");
        try
        {
            var database = Path.Combine(folder.FullName, "takeover.db");
            using (var store = Open(database))
            {
                new SampleShard(store, sessions).Fill(SampleShard.Carting);
            }
            List<double> seconds = [.. Enumerable.Range(0, rounds).Select(_ => TakeOver(database, sessions))];
            var kept = TakeOverKept(sessions);
            var (first, median) = (seconds[0], Median.Of(seconds));
            return new Chapter("takeover", Text($"Take-over of a shard with {sessions:N0} carts of three lines from SQLite"))
            {
                Figures = Chapter.Raw(seconds),
                Marks =
                {
                    new Mark(Text($"take-over of {sessions:N0} sessions, the first of a process"), first, "s", SecondsFloor, SecondsGoal),
                    new Mark(Text($"take-over of {sessions:N0} sessions, median of {rounds}"), median.Value, "s", SecondsFloor, SecondsGoal),
                },
                Tables =
                {
                    new ResultTable("Epoch raised, log read, sessions, deadlines and outbox rebuilt", "", "seconds", "sessions/s")
                        .Row("first, compiler cold", Text($"{first:0.000}"), Text($"{sessions / first:N0}"))
                        .Row(Text($"median of {rounds}"), Text($"{median.Value:0.000}"), Text($"{sessions / median.Value:N0}"))
                        .Row("back at its node, memory kept", Text($"{kept:0.000}"), Text($"{sessions / kept:N0}"))
                        .Row("spread", Text($"{median.Spread:P0}"), ""),
                },
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double TakeOver(string database, int sessions)
    {
        using var store = Open(database);
        store.Provision("clicks", 1);
        var start = TimeProvider.System.GetTimestamp();
        var shard = new ShardLoader(store, SampleShard.Rules(sessions), "another").Load(0, new ShardFaults()).Shard;
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        return shard.SessionCount == sessions
            ? seconds
            : throw new InvalidOperationException($"{shard.SessionCount} sessions came back instead of {sessions}.");
    }

    /// <summary>A shard that its node gave up and has again: the epoch rises, what is shown of its phases is counted anew.</summary>
    private static double TakeOverKept(int sessions)
    {
        var folder = Directory.CreateTempSubdirectory("streamengine-kept-");
        try
        {
            using var store = Open(Path.Combine(folder.FullName, "kept.db"));
            var kept = new KeptShards(TimeProvider.System);
            kept.Keep(new SampleShard(store, sessions).Fill(SampleShard.Carting));
            var start = TimeProvider.System.GetTimestamp();
            var loaded = new ShardLoader(store, SampleShard.Rules(sessions), "bench", kept).Load(0, new ShardFaults());
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            return loaded.IsKept ? seconds : throw new InvalidOperationException("The shard's memory was not kept.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SqliteShardStore Open(string database) =>
        new(new SqliteStoreOptions { Path = database }, TimeProvider.System, NullLogger.Instance);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
