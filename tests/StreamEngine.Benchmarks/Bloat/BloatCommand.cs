using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Carts.Clicks;
using StreamEngine.Carts.Sessions;
using StreamEngine.Carts.Tactics;
using StreamEngine.Engine;
using StreamEngine.Engine.Shards;
using StreamEngine.Engine.Workers;
using StreamEngine.Host;
using StreamEngine.Host.Nodes;
using StreamEngine.Host.Replay;
using StreamEngine.Host.Shoppers;
using StreamEngine.Storage.Postgres;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Bloat;

/// <summary>What PostgreSQL's tables become under load: sessions end, the log is cleaned, the rows of the hour change with every commit.</summary>
public static class BloatCommand
{
    /// <summary>Shop hours in an hour: carts are left, reminded of and forgotten within minutes.</summary>
    private const double Speed = 30;

    /// <summary>What a table takes beyond the log's segments that are alive may not grow by more than this from half time to the end, once it is more than a few pages.</summary>
    private const double GrowthMax = 1.5;
    private const long SmallBytes = 16 * 1024 * 1024;

    /// <summary>Rows come and go or change; in the others they only gather.</summary>
    private static readonly string[] s_changing = ["shard", "segment", "kpi", "meta"];

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = static _ => 10 };
        var clicks = new Option<double>("--clicks-per-second") { Description = "Of all workers.", DefaultValueFactory = static _ => 20_000 };
        var shards = new Option<int>("--shards") { Description = "Shards.", DefaultValueFactory = static _ => 16 };
        var workers = new Option<int>("--workers") { Description = "Workers.", DefaultValueFactory = static _ => 2 };
        var naptime = new Option<int>("--naptime") { Description = "The server's autovacuum_naptime, in seconds.", DefaultValueFactory = static _ => 10 };
        var command = new Command("bloat", "Dead rows and table sizes of PostgreSQL under load. Exits with 1 where a table that only changes goes on growing.")
        {
            minutes, clicks, shards, workers, naptime,
        };
        command.SetAction(args =>
        {
            using var postgres = PrivatePostgres.TryStart(
                out var reason, isDurable: true, "shared_buffers=512MB", "max_wal_size=4GB", $"autovacuum_naptime={args.GetValue(naptime)}s");
            if (postgres is null)
            {
                Console.Error.WriteLine(reason);
                return 2;
            }
            return Run(postgres, TimeSpan.FromMinutes(args.GetValue(minutes)), args.GetValue(clicks), args.GetValue(shards), args.GetValue(workers));
        });
        return command;
    }

    private static int Run(PrivatePostgres postgres, TimeSpan length, double clicksPerSecond, int shards, int workers)
    {
        var database = postgres.CreateDatabase();
        var start = TimeProvider.System.GetUtcNow();
        var time = new SpeedTime(start, Speed);
        // A commit that fails makes the measurement void: the engine's own words say why.
        using var loggers = LogSetup.ForScreen(verbose: false);
        using var store = new PostgresShardStore(new PostgresStoreOptions { Servers = [database] }, time, loggers.CreateLogger<PostgresShardStore>());
        store.Provision("clicks", shards);
        var sessions = new SessionOptions();
        var rules = new ShardRules(
            sessions, TacticSet.Compile(TacticExamples.Shipped(), sessions.Currency), new EngineOptions { Workers = workers }, "clicks", shards);
        using var node = new EngineNode(new NodeParts(
            worker => new PacedSource(
                new ShopperOptions
                {
                    Seed = (ulong)(worker + 1),
                    Shoppers = null,
                    ClicksPerSecond = clicksPerSecond / workers / Speed,
                    StartMs = start.ToUnixTimeMilliseconds(),
                },
                [.. Enumerable.Range(0, shards).Where(shard => shard % workers == worker)],
                time),
            static _ => new NoOutlet(), store, rules, new ClickOptions(), "bench", time, loggers));
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        node.Start();
        var halfTime = Watch(node, connection, length / 2, "first half");
        var aliveAtHalfTime = TableSize.SegmentBytes(connection);
        var end = Watch(node, connection, length / 2, "second half");
        var alive = TableSize.SegmentBytes(connection);
        node.Stop();
        node.Ended.GetAwaiter().GetResult();
        Write(halfTime, end, connection, node, length);
        var growing = s_changing.Where(name => Beyond(end, name, alive) is var bytes && bytes > SmallBytes && bytes > GrowthMax * Beyond(halfTime, name, aliveAtHalfTime)).ToList();
        growing.ForEach(static name => Console.Error.WriteLine($"{name} goes on growing."));
        return growing.Count == 0 ? 0 : 1;
    }

    /// <summary>The log itself grows with the visitors who are remembered.</summary>
    private static long Beyond(List<TableSize> sizes, string name, long aliveSegmentBytes) =>
        sizes.Single(table => string.Equals(table.Name, name, StringComparison.Ordinal)).Bytes - (name is "segment" ? aliveSegmentBytes : 0);

    /// <summary>Tells every half minute how it stands.</summary>
    private static List<TableSize> Watch(EngineNode node, NpgsqlConnection connection, TimeSpan length, string part)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) is var passed && passed < length)
        {
            var step = TimeSpan.FromSeconds(Math.Min(30, (length - passed).TotalSeconds));
            if (node.Ended.Wait(step))
            {
                throw new InvalidOperationException("The engine ended.", node.Ended.Exception);
            }
            var sizes = TableSize.Read(connection);
            Console.Error.WriteLine(Text(
                $"{part}, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:N0} s: {Clicks(node):N0} clicks, log {TableSize.SegmentBytes(connection) / 1e6:N1} MB in {sizes.Single(static table => table.Name is "segment").Bytes / 1e6:N1} MB, dead: {string.Join(", ", sizes.Where(static table => table.DeadRows + table.DeadChunks > 0).Select(static table => Text($"{table.Name} {table.DeadRows:N0}+{table.DeadChunks:N0}")))}"));
        }
        return TableSize.Read(connection);
    }

    private static void Write(List<TableSize> halfTime, List<TableSize> end, NpgsqlConnection connection, EngineNode node, TimeSpan length)
    {
        var segmentBytes = TableSize.SegmentBytes(connection);
        var table = new ResultTable(
            Text($"{length.TotalMinutes:N0} minutes, {Clicks(node):N0} clicks, {node.Workers.Sum(static worker => worker.Stats.Commits):N0} commits; the log's segments hold {segmentBytes / 1e6:N1} MB"),
            "table", "MB at half time", "MB", "of it TOAST", "indexes", "rows", "n_dead_tup", "dead chunks", "HOT", "vacuums", "of TOAST");
        foreach (var (before, after) in halfTime.Zip(end))
        {
            table.Row(
                after.Name, Megabytes(before.Bytes), Megabytes(after.Bytes), Megabytes(after.ToastBytes), Megabytes(after.IndexBytes), Text($"{after.LiveRows:N0}"),
                Text($"{after.DeadRows:N0}"), Text($"{after.DeadChunks:N0}"), double.IsNaN(after.HotShare) ? "" : Text($"{after.HotShare:P1}"), Text($"{after.Vacuums:N0}"),
                Text($"{after.ToastVacuums:N0}"));
        }
        table.Write();
    }

    private static long Clicks(EngineNode node) => node.Workers.Sum(static worker => worker.Stats.Shards.Sum(static shard => shard.Clicks));

    private static string Megabytes(long bytes) => Text($"{bytes / 1e6:N1}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
