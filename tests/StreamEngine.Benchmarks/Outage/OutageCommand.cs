using System.CommandLine;
using System.Globalization;
using StreamEngine.Benchmarks.Report;
using StreamEngine.Engine;
using StreamEngine.TestKit;

namespace StreamEngine.Benchmarks.Outage;

/// <summary>New clicks while overdue deadlines drain, against the same without any.</summary>
public static class OutageCommand
{
    /// <summary>How much slower new clicks may be, at the 99th percentile.</summary>
    private const double RatioGoal = 2;

    /// <summary>What the engine and the broker still have to compile would be measured otherwise, in the drain only: a fresh broker's compiler takes a fifth of two cores for half a minute.</summary>
    private const int WarmUpSessions = 200_000;

    public static Command Create()
    {
        var sessions = new Option<int>("--sessions") { Description = "Visitors who left a cart before the outage.", DefaultValueFactory = static _ => 1_000_000 };
        var rate = new Option<int>("--rate") { Description = "Clicks of new visitors a second.", DefaultValueFactory = static _ => 2_000 };
        var quiet = new Option<int>("--quiet-seconds") { Description = "Length of the quiet run.", DefaultValueFactory = static _ => 20 };
        var shards = new Option<int>("--shards") { Description = "Partitions.", DefaultValueFactory = static _ => 8 };
        var workers = new Option<int>("--workers") { Description = "Worker threads; 0 for one per core.", DefaultValueFactory = static _ => 1 };
        var uncommitted = new Option<int>("--deadlines-uncommitted")
        {
            Description = "The setting Engine:DeadlinesUncommittedMax.",
            DefaultValueFactory = static _ => new EngineOptions().DeadlinesUncommittedMax,
        };
        var folder = new Option<string?>("--folder") { Description = "Where the database lies. Default: a temporary folder.", HelpName = "DIR" };
        var command = new Command("outage", "Takes over after eight hours with all deadlines overdue, one cart in three bought meanwhile; measures new clicks while they drain.")
        {
            sessions, rate, quiet, shards, workers, uncommitted, folder,
        };
        command.SetAction(args => RunAsync(new OutagePlan(
            args.GetValue(sessions), args.GetValue(rate), args.GetValue(quiet), args.GetValue(shards), args.GetValue(workers),
            args.GetValue(uncommitted), args.GetValue(folder))));
        return command;
    }

    private static async Task<int> RunAsync(OutagePlan plan)
    {
        using var broker = RealBroker.TryStart(out var reason);
        if (broker is null)
        {
            await Console.Error.WriteLineAsync(reason);
            return 2;
        }
        var folder = Directory.CreateDirectory(plan.Folder ?? Directory.CreateTempSubdirectory("streamengine-outage-").FullName);
        try
        {
            await Console.Error.WriteLineAsync("Warming up: a small outage first ...");
            await new OutageRun(plan with { Sessions = WarmUpSessions, QuietSeconds = 2 }, broker, "warm", folder.FullName, static _ => { }).RunAsync();
            var result = await new OutageRun(plan, broker, "outage", folder.FullName, Console.Error.WriteLine).RunAsync();
            Write(plan, result);
            return result.Tally is { Wrong: 0, Stale: 0, Repeated: 0 } && result.Answered == result.Asked ? 0 : 1;
        }
        finally
        {
            if (plan.Folder is null)
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static void Write(OutagePlan plan, OutageResult result)
    {
        var (quiet, draining) = (result.Quiet, result.Draining);
        var table = new ResultTable(
            Text($"Outage of {OutagePlan.Down.TotalHours:0} h, {plan.Sessions:N0} sessions, {plan.Rate:N0} new clicks/s, {plan.Shards} shards, {plan.Workers} workers; a click due until its prompt is acknowledged by Kafka"),
            "new clicks, ms", "quiet", "draining", "ratio");
        foreach (var percent in (ReadOnlySpan<double>)[50, 99, 99.9, 100])
        {
            var (before, during) = (quiet.Percentile(percent), draining.Percentile(percent));
            table.Row(percent == 100 ? "max" : Text($"p{percent}"), Text($"{before:0.0}"), Text($"{during:0.0}"), Text($"{during / before:0.00}"));
        }
        table.Write();
        var seconds = result.Drain.TotalSeconds;
        new ResultTable("The drain", "", "figure")
            .Row("p99 within twice the quiet run's", draining.Percentile(99) <= RatioGoal * quiet.Percentile(99) ? "yes" : "no")
            .Row("sessions woken", Text($"{result.Woken:N0} in {seconds:0.0} s ({result.Woken / seconds:N0}/s)"))
            .Row("deadlines fired", Text($"{result.Fired:N0} ({result.Fired / seconds:N0}/s; {result.Fired / result.WorkersCpu.TotalSeconds:N0} a second of a worker's processor time)"))
            .Row("e-mails sent", Text($"{result.Tally.Emails:N0} of {plan.Reminders:N0}"))
            .Row("chat prompts held as expired", Text($"{result.Expired:N0}"))
            .Row("commits", Text($"{result.Commits:N0}"))
            .Row("take-over", Text($"{result.TakeOver.TotalSeconds:0.0} s"))
            .Row("backlog read", Text($"{plan.Buyers:N0} purchases in {result.Backlog.TotalSeconds:0.0} s"))
            .Row("memory, with the load's producer", Text($"{result.MemoryBytes >> 20:N0} MB"))
            .Row("wrong reminders (must be 0)", Text($"{result.Tally.Wrong:N0}"))
            .Row("stale chat prompts (must be 0)", Text($"{result.Tally.Stale:N0}"))
            .Row("actions twice (must be 0)", Text($"{result.Tally.Repeated:N0}"))
            .Row("new visitors without an answer (must be 0)", Text($"{result.Asked - result.Answered:N0}"))
            .Write();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
